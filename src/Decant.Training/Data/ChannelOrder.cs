namespace Decant.Training.Data;

/// <summary>The order in which a network wants colour channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue: as data sets store them; also grey images.</summary>
    Rgb,
    /// <summary>Blue, green, red: as Caffe's networks want them.</summary>
    Bgr,
}

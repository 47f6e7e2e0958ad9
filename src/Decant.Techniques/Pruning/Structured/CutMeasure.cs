namespace Decant.Techniques.Pruning;

/// <summary>What a budget of structured pruning counts.</summary>
public enum CutMeasure
{
    /// <summary>Channels of the groups that may be cut.</summary>
    Channels,

    /// <summary>Multiply-accumulates of the whole network for one image.</summary>
    Macs,

    /// <summary>Trainable numbers of the whole network.</summary>
    Parameters,
}

namespace Decant.Runtime.Memory;

/// <summary>Some channels of the images in a buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Form">All channels of its images.</param>
/// <param name="Channel">The first channel of the view.</param>
/// <param name="Channels">How many channels the view has.</param>
internal sealed unsafe record ImageView(PlanBuffer Buffer, ImageForm Form, int Channel, int Channels)
{
    public ImageView(PlanBuffer buffer, ImageForm form) : this(buffer, form, 0, form.Channels) { }

    public int Images => Form.Images;

    public int Height => Form.Height;

    public int Width => Form.Width;

    /// <summary>Floats from a pixel to the next.</summary>
    public int PixelStride => Form.Channels;

    public int RowStride { get; } = checked((int)Form.RowStride);

    public int ImageStride { get; } = checked((int)Form.ImageStride);

    /// <summary>Whether pixels lie one after another without anything between.</summary>
    public bool IsDense => Form.Border.IsNone && Channels == Form.Channels;

    /// <summary>The shape as ONNX has it.</summary>
    public Shape Shape => new(Images, Channels, Height, Width);

    /// <summary>The first pixel of the first image. Not public: a record prints what is, and pointers cannot be printed.</summary>
    internal float* Address => Buffer.Address + Form.Origin + Channel;

    /// <summary>A place, from the first pixel on.</summary>
    public int At(int y, int x) => y * RowStride + x * PixelStride;
}

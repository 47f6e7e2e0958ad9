namespace Decant.Runtime.Memory;

/// <summary>Images of bytes with channels last, whose border is the byte that stands for zero.</summary>
/// <param name="Buffer">The buffer; it counts in floats.</param>
/// <param name="Form">The images, in bytes.</param>
/// <param name="Range">What the bytes stand for.</param>
internal sealed unsafe record ByteImage(PlanBuffer Buffer, ImageForm Form, ByteRange Range)
{
    // Products read runs of bytes in whole fours, and one vector further.
    private const int Beyond = 64;

    /// <summary>Images in a buffer of their own.</summary>
    public ByteImage(ImageForm form, ByteRange range)
        : this(new PlanBuffer((form.Count + Beyond) / sizeof(float), form.Border.IsNone ? null : new Frame(form, sizeof(byte), range.Zero)), form, range) { }

    public int Images => Form.Images;

    public int Height => Form.Height;

    public int Width => Form.Width;

    public int Channels => Form.Channels;

    public int RowStride { get; } = checked((int)Form.RowStride);

    public int ImageStride { get; } = checked((int)Form.ImageStride);

    /// <summary>The first pixel of the first image. Not public, for a record prints what is, and a pointer cannot be.</summary>
    internal byte* Address => (byte*)Buffer.Address + Form.Origin;

    /// <summary>A place, from the first pixel on.</summary>
    public int At(int y, int x) => y * RowStride + x * Channels;

    /// <summary>Fills border and all; whoever writes the images does so once, when memory is bound.</summary>
    public void FillBorder()
    {
        if (!Form.Border.IsNone) new Span<byte>(Buffer.Address, checked((int)Form.Count)).Fill((byte)Range.Zero);
    }
}

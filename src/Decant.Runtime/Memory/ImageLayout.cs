namespace Decant.Runtime.Memory;

/// <summary>The layout of images with channels last and a border of zeros around each.</summary>
/// <param name="Images">How many.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Border">Rows and columns of zeros around.</param>
internal readonly record struct ImageLayout(int Images, int Height, int Width, int Channels, Border Border)
{
    /// <summary>Floats of a row, border included.</summary>
    public long RowStride => (long)(Width + Border.Left + Border.Right) * Channels;

    /// <summary>Floats of an image, border included.</summary>
    public long ImageStride => (Height + Border.Top + Border.Bottom) * RowStride;

    /// <summary>Floats of all.</summary>
    public long Count => checked(Images * ImageStride);

    /// <summary>Where the first pixel lies.</summary>
    public long Origin => Border.Top * RowStride + (long)Border.Left * Channels;
}

/// <summary>Some channels of the images in a buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Layout">All channels of its images.</param>
/// <param name="Channel">The first channel of the view.</param>
/// <param name="Channels">How many channels the view has.</param>
internal sealed unsafe record ImageView(PlanBuffer Buffer, ImageLayout Layout, int Channel, int Channels)
{
    public ImageView(PlanBuffer buffer, ImageLayout layout)
        : this(buffer, layout, 0, layout.Channels) { }

    public int Images => Layout.Images;

    public int Height => Layout.Height;

    public int Width => Layout.Width;

    /// <summary>Floats from a pixel to the next.</summary>
    public int PixelStride => Layout.Channels;

    public int RowStride { get; } = checked((int)Layout.RowStride);

    public int ImageStride { get; } = checked((int)Layout.ImageStride);

    /// <summary>Whether the view has all channels of the images, so that the pixels of a row lie together.</summary>
    public bool HasAllChannels => Channels == Layout.Channels;

    /// <summary>Whether pixels lie one after another without anything between.</summary>
    public bool IsDense => Layout.Border.IsNone && HasAllChannels;

    /// <summary>The shape as ONNX has it.</summary>
    public Shape Shape => new(Images, Channels, Height, Width);

    /// <summary>
    /// The first pixel of the first image. Not public: a record prints what is, and pointers cannot be printed.
    /// </summary>
    internal float* Address => Buffer.Address + Layout.Origin + Channel;

    /// <summary>A place, from the first pixel on.</summary>
    public int At(int y, int x) => y * RowStride + x * PixelStride;
}

/// <summary>Images of bytes with channels last, whose border is the byte that stands for zero.</summary>
/// <param name="Buffer">The buffer; it counts in floats.</param>
/// <param name="Layout">The images, in bytes.</param>
/// <param name="Range">What the bytes stand for.</param>
internal sealed unsafe record ByteImage(PlanBuffer Buffer, ImageLayout Layout, ByteRange Range)
{
    // Products read runs of bytes in whole fours, and one vector further.
    private const int Beyond = 64;

    /// <summary>Images in a buffer of their own.</summary>
    public ByteImage(ImageLayout layout, ByteRange range)
        : this(
            new PlanBuffer(
                (layout.Count + Beyond) / sizeof(float),
                layout.Border.IsNone ? null : new Frame(layout, sizeof(byte), range.Zero)
            ),
            layout,
            range
        ) { }

    public int Images => Layout.Images;

    public int Height => Layout.Height;

    public int Width => Layout.Width;

    public int Channels => Layout.Channels;

    public int RowStride { get; } = checked((int)Layout.RowStride);

    public int ImageStride { get; } = checked((int)Layout.ImageStride);

    /// <summary>
    /// The first pixel of the first image. Not public, for a record prints what is, and a pointer cannot be.
    /// </summary>
    internal byte* Address => (byte*)Buffer.Address + Layout.Origin;

    /// <summary>A place, from the first pixel on.</summary>
    public int At(int y, int x) => y * RowStride + x * Channels;

    /// <summary>Fills border and all; whoever writes the images does so once, when memory is bound.</summary>
    public void FillBorder()
    {
        if (!Layout.Border.IsNone)
            new Span<byte>(Buffer.Address, checked((int)Layout.Count)).Fill((byte)Range.Zero);
    }
}

/// <summary>Zeros around an image: rows above and below, columns left and right.</summary>
internal readonly record struct Border(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether there are none.</summary>
    public bool IsNone => this == default;

    /// <summary>The wider of two on each side.</summary>
    public Border Union(Border other) =>
        new(
            Math.Max(Top, other.Top),
            Math.Max(Left, other.Left),
            Math.Max(Bottom, other.Bottom),
            Math.Max(Right, other.Right)
        );
}

/// <summary>
/// The border around images, which is never written: buffers of equal frames may follow each other in the same place.
/// </summary>
/// <param name="Layout">The images.</param>
/// <param name="Element">Bytes of a number.</param>
/// <param name="Fill">The number in the border.</param>
internal sealed record Frame(ImageLayout Layout, int Element, int Fill)
{
    /// <summary>The frame of float images; null if they have no border.</summary>
    public static Frame? OfFloats(ImageLayout layout) =>
        layout.Border.IsNone ? null : new Frame(layout, sizeof(float), 0);
}

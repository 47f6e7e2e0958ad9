namespace Decant.Runtime.Forms.Binary;

/// <summary>The geometry of a binary convolution; a fully connected layer is one of a single pixel.</summary>
internal sealed record BinaryPlan
{
    public int Channels { get; init; } = 1;

    public int InputHeight { get; init; } = 1;

    public int InputWidth { get; init; } = 1;

    public int KernelHeight { get; init; } = 1;

    public int KernelWidth { get; init; } = 1;

    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int Top { get; init; }

    public int Left { get; init; }

    public int Bottom { get; init; }

    public int Right { get; init; }

    public int OutputHeight => (InputHeight + Top + Bottom - KernelHeight) / StrideY + 1;

    public int OutputWidth => (InputWidth + Left + Right - KernelWidth) / StrideX + 1;

    public int OutputPlane => OutputHeight * OutputWidth;

    public int PackedWidth => InputWidth + Left + Right;

    public int PackedHeight => InputHeight + Top + Bottom;

    /// <summary>Inputs of an output.</summary>
    public int Depth => checked(Channels * KernelHeight * KernelWidth);

    /// <summary>The taps of an output pixel that fall on the input.</summary>
    public int Taps(int row, int column) =>
        Inside(row * StrideY - Top, KernelHeight, InputHeight) * Inside(column * StrideX - Left, KernelWidth, InputWidth);

    /// <summary>Refuses what cannot be computed.</summary>
    public BinaryPlan Check()
    {
        if (Channels < 1 || Math.Min(StrideY, StrideX) < 1 || Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0
            || InputHeight + Top + Bottom < KernelHeight || InputWidth + Left + Right < KernelWidth || Depth > ushort.MaxValue)
            throw new ArgumentException($"no binary convolution: {this}");
        return this;
    }

    private static int Inside(int start, int kernel, int input) => Math.Max(0, Math.Min(input, start + kernel) - Math.Max(0, start));
}

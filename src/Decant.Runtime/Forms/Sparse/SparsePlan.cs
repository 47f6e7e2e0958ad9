namespace Decant.Runtime.Forms.Sparse;

/// <summary>
/// The geometry of a sparse convolution. Its input is laid out with its padding, and where the stride is not 1 it is cut into as many
/// phases a side, so that neighbours in a line of a phase are what neighbouring outputs read.
/// </summary>
internal sealed record SparsePlan
{
    public int Channels { get; init; } = 1;

    public int Groups { get; init; } = 1;

    public int InputHeight { get; init; }

    public int InputWidth { get; init; }

    public int KernelHeight { get; init; } = 1;

    public int KernelWidth { get; init; } = 1;

    public int StrideY { get; init; } = 1;

    public int StrideX { get; init; } = 1;

    public int DilationY { get; init; } = 1;

    public int DilationX { get; init; } = 1;

    public int Top { get; init; }

    public int Left { get; init; }

    public int Bottom { get; init; }

    public int Right { get; init; }

    public int ChannelsPerGroup => Channels / Groups;

    public int OutputHeight => (InputHeight + Top + Bottom - (KernelHeight - 1) * DilationY - 1) / StrideY + 1;

    public int OutputWidth => (InputWidth + Left + Right - (KernelWidth - 1) * DilationX - 1) / StrideX + 1;

    public int OutputPlane => OutputHeight * OutputWidth;

    /// <summary>Numbers in a packed line.</summary>
    public int PackedWidth => (InputWidth + Left + Right + StrideX - 1) / StrideX;

    /// <summary>Lines of a phase.</summary>
    public int PackedHeight => (InputHeight + Top + Bottom + StrideY - 1) / StrideY;

    /// <summary>From the first output pixel to the last, along packed lines.</summary>
    public int Span => (OutputHeight - 1) * PackedWidth + OutputWidth;

    /// <summary>Numbers of a packed image; behind it vectors read on a little.</summary>
    public int PackedLength => checked(Channels * StrideY * StrideX * PackedHeight * PackedWidth + Overrun);

    /// <summary>Numbers that a run needs of scratch.</summary>
    public int Scratch => checked(Span + Overrun);

    /// <summary>Whether an image as it is differs from a packed one only in what lies behind it.</summary>
    public bool IsPacked => StrideX == 1 && StrideY == 1 && (Top, Left, Bottom, Right) == default;

    private static int Overrun => 8 * 16;

    /// <summary>Where the weight at a column of the filters reads for the first output.</summary>
    public int Offset(int group, int column)
    {
        var (channel, tap) = Math.DivRem(column, KernelHeight * KernelWidth);
        int y = tap / KernelWidth * DilationY, x = tap % KernelWidth * DilationX;
        return (((group * ChannelsPerGroup + channel) * StrideY + y % StrideY) * StrideX + x % StrideX) * PackedHeight * PackedWidth + y / StrideY * PackedWidth + x / StrideX;
    }

    /// <summary>Lays out some channels of an image. Padding is not written: the packed memory must be zero there, as it is when it is new.</summary>
    public void Pack(ReadOnlySpan<float> x, Span<float> packed, int from, int to)
    {
        if (x.Length < (long)Channels * InputHeight * InputWidth || packed.Length < PackedLength || from < 0 || to > Channels)
            throw new ArgumentException("an image reaches outside its arrays");
        for (int channel = from; channel < to; channel++)
            for (int row = 0; row < InputHeight; row++)
            {
                int y = row + Top;
                ReadOnlySpan<float> line = x.Slice((channel * InputHeight + row) * InputWidth, InputWidth);
                for (int phase = 0; phase < StrideX; phase++)
                    Line(line, packed.Slice((((channel * StrideY + y % StrideY) * StrideX + phase) * PackedHeight + y / StrideY) * PackedWidth, PackedWidth), phase);
            }
    }

    /// <summary>Refuses what cannot be computed.</summary>
    public SparsePlan Check()
    {
        if (Groups < 1 || Channels % Groups != 0 || Math.Min(StrideY, StrideX) < 1 || Math.Min(DilationY, DilationX) < 1 || OutputHeight < 1 || OutputWidth < 1
            || Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0)
            throw new ArgumentException($"no convolution: {this}");
        return this;
    }

    private void Line(ReadOnlySpan<float> line, Span<float> to, int phase)
    {
        if (StrideX == 1)
        {
            line.CopyTo(to[Left..]);
            return;
        }
        // The first number of the line that falls on this phase.
        int first = ((phase - Left) % StrideX + StrideX) % StrideX;
        for (int i = first; i < line.Length; i += StrideX) to[(i + Left) / StrideX] = line[i];
    }
}

namespace Decant.Runtime.CompressedKernels.Sparse;

/// <summary>
/// The geometry of a sparse convolution. Its input is laid out with its padding so that neighbours in a line are what
/// neighbouring outputs read: there is a version of it for each phase of the stride, or where that stays small for each
/// column of the kernel, which makes every read begin where a vector may.
/// </summary>
internal sealed record SparseConvolutionGeometry
{
    // So many vectors must be read for each line that is copied once more.
    private const long ReadsPerLine = 22;

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

    /// <summary>
    /// Whether there is a version for each column of the kernel. Packed memory should begin on a cache line then.
    /// </summary>
    public bool IsAligned { get; init; }

    /// <summary>Numbers in a packed line.</summary>
    public int PackedWidth =>
        !IsAligned ? (InputWidth + Left + Right + StrideX - 1) / StrideX
        : OutputWidth <= 8 ? 8
        : (OutputWidth + 15) / 16 * 16;

    /// <summary>Lines of a phase.</summary>
    public int PackedHeight => (InputHeight + Top + Bottom + StrideY - 1) / StrideY;

    /// <summary>From the first output pixel to the last, along packed lines.</summary>
    public int Span => (OutputHeight - 1) * PackedWidth + OutputWidth;

    /// <summary>Numbers of a packed image; behind it vectors read on a little.</summary>
    public int PackedLength => checked(Channels * StrideY * Versions * PackedHeight * PackedWidth + Overrun);

    /// <summary>Numbers that a run needs of scratch.</summary>
    public int Scratch => checked(Span + Overrun);

    private int Versions => IsAligned ? KernelWidth : StrideX;

    /// <summary>Whether an image as it is differs from a packed one only in what lies behind it.</summary>
    public bool IsPacked => !IsAligned && StrideX == 1 && StrideY == 1 && (Top, Left, Bottom, Right) == default;

    private static int Overrun => 8 * 16;

    /// <summary>Where the weight at a column of the filters reads for the first output.</summary>
    public int Offset(int group, int column)
    {
        var (channel, tap) = Math.DivRem(column, KernelHeight * KernelWidth);
        int y = tap / KernelWidth * DilationY,
            x = tap % KernelWidth * DilationX;
        var (version, column0) = IsAligned ? (tap % KernelWidth, 0) : (x % StrideX, x / StrideX);
        return Line(group * ChannelsPerGroup + channel, y, version) + column0;
    }

    /// <summary>
    /// Lays out some channels of an image. Padding is not written: the packed memory must be zero there, as it is when
    /// it is new.
    /// </summary>
    public void Pack(ReadOnlySpan<float> x, Span<float> packed, int from, int to)
    {
        if (
            x.Length < (long)Channels * InputHeight * InputWidth
            || packed.Length < PackedLength
            || from < 0
            || to > Channels
        )
            throw new ArgumentException("an image reaches outside its arrays");
        (int versions, int pitch, int lines, int step) = (
            Versions,
            PackedWidth,
            PackedHeight,
            IsAligned ? DilationX : 1
        );
        for (int channel = from; channel < to; channel++)
        for (int row = 0; row < InputHeight; row++)
        {
            var (line, phase) = Math.DivRem(row + Top, StrideY);
            ReadOnlySpan<float> read = x.Slice((channel * InputHeight + row) * InputWidth, InputWidth);
            int at = ((channel * StrideY + phase) * versions * lines + line) * pitch;
            for (int version = 0; version < versions; version++, at += lines * pitch)
                Copy(read, packed.Slice(at, pitch), version * step - Left);
        }
    }

    /// <summary>
    /// The same geometry, aligned if that stays within what a cache holds and enough weights read it to be worth the
    /// copies.
    /// </summary>
    public SparseConvolutionGeometry Fitted(long nonZeros, int cacheBytes = 1 << 20)
    {
        SparseConvolutionGeometry aligned = this with { IsAligned = true };
        bool pays = nonZeros * (aligned.Span / 16 + 1) > ReadsPerLine * Channels * InputHeight * (KernelWidth - 1);
        return
            pays
            && (long)Channels * StrideY * KernelWidth * aligned.PackedHeight * aligned.PackedWidth * sizeof(float)
                <= cacheBytes
            ? aligned
            : this with
            {
                IsAligned = false,
            };
    }

    /// <summary>Refuses what cannot be computed.</summary>
    public SparseConvolutionGeometry Check()
    {
        if (
            Groups < 1
            || Channels % Groups != 0
            || Math.Min(StrideY, StrideX) < 1
            || Math.Min(DilationY, DilationX) < 1
            || OutputHeight < 1
            || OutputWidth < 1
            || Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0
        )
            throw new ArgumentException($"no convolution: {this}");
        return this;
    }

    private int Line(int channel, int y, int version) =>
        (((channel * StrideY + y % StrideY) * Versions + version) * PackedHeight + y / StrideY) * PackedWidth;

    /// <summary>
    /// Copies to each place i the number at i · StrideX + <paramref name="first"/> of a line, where there is one.
    /// </summary>
    private void Copy(ReadOnlySpan<float> line, Span<float> to, int first)
    {
        if (StrideX == 1)
        {
            int from = Math.Max(0, -first),
                end = Math.Min(to.Length, line.Length - first);
            if (end > from)
                line[(from + first)..(end + first)].CopyTo(to[from..]);
            return;
        }
        int low = first < 0 ? (-first + StrideX - 1) / StrideX : 0,
            high = Math.Min(to.Length, (line.Length - first + StrideX - 1) / StrideX);
        for (int i = low; i < high; i++)
            to[i] = line[i * StrideX + first];
    }
}

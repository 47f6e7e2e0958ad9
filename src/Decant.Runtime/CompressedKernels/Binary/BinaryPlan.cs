using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Binary;

/// <summary>The geometry of a binary convolution; a fully connected layer is one of a single pixel.</summary>
internal sealed record BinaryConvolutionGeometry
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
        Inside(row * StrideY - Top, KernelHeight, InputHeight)
        * Inside(column * StrideX - Left, KernelWidth, InputWidth);

    /// <summary>Refuses what cannot be computed.</summary>
    public BinaryConvolutionGeometry Check()
    {
        if (
            Channels < 1
            || Math.Min(StrideY, StrideX) < 1
            || Math.Min(Math.Min(Top, Left), Math.Min(Bottom, Right)) < 0
            || InputHeight + Top + Bottom < KernelHeight
            || InputWidth + Left + Right < KernelWidth
            || Depth > ushort.MaxValue
        )
            throw new ArgumentException($"no binary convolution: {this}");
        return this;
    }

    private static int Inside(int start, int kernel, int input) =>
        Math.Max(0, Math.Min(input, start + kernel) - Math.Max(0, start));
}

/// <summary>Transposes squares of 8×8 floats.</summary>
internal static unsafe class Transposed8x8
{
    /// <summary>Stores column i of a square as row i, <paramref name="stride"/> apart.</summary>
    public static void Store(float* square, float* to, nint stride)
    {
        for (int half = 0; half < 8; half += 4, square += 4)
        {
            Vector256<float> r0 = Rows(square),
                r1 = Rows(square + 8),
                r2 = Rows(square + 16),
                r3 = Rows(square + 24);
            Vector256<float> a = Avx.UnpackLow(r0, r1),
                b = Avx.UnpackHigh(r0, r1),
                c = Avx.UnpackLow(r2, r3),
                d = Avx.UnpackHigh(r2, r3);
            Avx.Shuffle(a, c, 0b01_00_01_00).Store(to);
            Avx.Shuffle(a, c, 0b11_10_11_10).Store(to + stride);
            Avx.Shuffle(b, d, 0b01_00_01_00).Store(to + 2 * stride);
            Avx.Shuffle(b, d, 0b11_10_11_10).Store(to + 3 * stride);
            to += 4 * stride;
        }
    }

    private static Vector256<float> Rows(float* at) => Vector256.Create(Vector128.Load(at), Vector128.Load(at + 32));
}

/// <summary>
/// Signs of 16 neighbouring pixels and the channels of eight groups, turned from planes of channels into bytes that lie
/// together for each pixel.
/// </summary>
internal static unsafe class SignBlock
{
    /// <summary>Pixels of a block.</summary>
    public const int Pixels = 16;

    /// <summary>Groups of a block.</summary>
    public const int Groups = 8;

    /// <summary>Writes eight bytes for each pixel.</summary>
    /// <param name="x">The first channel of the first pixel.</param>
    /// <param name="channelStride">From a channel to the next.</param>
    /// <param name="channels">How many channels there are, at most those of eight groups.</param>
    /// <param name="bits">Channels of a group.</param>
    /// <param name="to">The first group in the first byte of the packed image.</param>
    /// <param name="at">Where each pixel lies in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* x, nint channelStride, int channels, int bits, byte* to, int* at)
    {
        Vector128<byte>* rows = stackalloc Vector128<byte>[Groups];
        for (int group = 0; group < Groups; group++, channels -= bits)
        {
            Vector512<int> patterns = default;
            for (int k = 0; k < Math.Min(bits, channels); k++, x += channelStride)
                patterns |=
                    Vector512.LessThan(Vector512.Load(x), Vector512<float>.Zero).AsInt32() & Vector512.Create(1 << k);
            rows[group] = Avx512F.ConvertToVector128Byte(patterns);
        }
        Half(
            Sse2.UnpackLow(rows[0], rows[1]),
            Sse2.UnpackLow(rows[2], rows[3]),
            Sse2.UnpackLow(rows[4], rows[5]),
            Sse2.UnpackLow(rows[6], rows[7]),
            to,
            at
        );
        Half(
            Sse2.UnpackHigh(rows[0], rows[1]),
            Sse2.UnpackHigh(rows[2], rows[3]),
            Sse2.UnpackHigh(rows[4], rows[5]),
            Sse2.UnpackHigh(rows[6], rows[7]),
            to,
            at + 8
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(
        Vector128<byte> a,
        Vector128<byte> b,
        Vector128<byte> c,
        Vector128<byte> d,
        byte* to,
        int* at
    )
    {
        Four(Sse2.UnpackLow(a.AsUInt16(), b.AsUInt16()), Sse2.UnpackLow(c.AsUInt16(), d.AsUInt16()), to, at);
        Four(Sse2.UnpackHigh(a.AsUInt16(), b.AsUInt16()), Sse2.UnpackHigh(c.AsUInt16(), d.AsUInt16()), to, at + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(Vector128<ushort> low, Vector128<ushort> high, byte* to, int* at)
    {
        Vector128<ulong> first = Sse2.UnpackLow(low.AsUInt32(), high.AsUInt32()).AsUInt64(),
            second = Sse2.UnpackHigh(low.AsUInt32(), high.AsUInt32()).AsUInt64();
        *(ulong*)(to + at[0]) = first[0];
        *(ulong*)(to + at[1]) = first[1];
        *(ulong*)(to + at[2]) = second[0];
        *(ulong*)(to + at[3]) = second[1];
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Binary;

/// <summary>
/// A 2-D convolution of signs with signs (XNOR-Net, Rastegari et al. 2016), exact: zero padding counts as zero, not as
/// a sign. Signs of a few channels are a group; the group of an input picks a table that says how many signs differ for
/// each pattern, and a byte permutation looks the patterns of as many outputs up as a vector has bytes. A result is
/// scale · (inputs - 2 · differences).
/// </summary>
internal sealed unsafe partial class BinaryConvolution
{
    // Pixels of a tile, and of a block whose counts stay near while all weights pass.
    private const int Pixels = 4,
        Block = 32;
    private readonly BinaryConvolutionGeometry geometry;
    private readonly VectorWidth width;
    private readonly int groups,
        bits,
        count,
        vectors,
        padded,
        chunk;
    private readonly int[] homes,
        places,
        inputs;
    private readonly Aligned<byte> weights,
        tables;
    private readonly Aligned<float> scales,
        biases;
    private readonly bool relu;

    /// <summary>
    /// Prepares signs that lie as a weight does: outputs, channels, kernel rows, kernel columns; a bit each as in
    /// <see cref="BinaryEncoding"/>.
    /// </summary>
    public BinaryConvolution(
        ReadOnlySpan<byte> signs,
        ReadOnlySpan<float> scales,
        int outputs,
        BinaryConvolutionGeometry geometry,
        Epilogue finish,
        VectorWidth width
    )
    {
        geometry.Check();
        finish.Check(outputs);
        if (
            signs.Length < BinaryEncoding.BytesOf((long)outputs * geometry.Depth)
            || scales.Length != 1 && scales.Length != outputs
        )
            throw new ArgumentException(
                $"{signs.Length} bytes of signs and {scales.Length} scales for {outputs} outputs of "
                    + $"{geometry.Depth} inputs"
            );
        if (width == VectorWidth.V512 && !Avx512Vbmi.IsSupported)
            width = VectorWidth.V256;
        if (width == VectorWidth.V256 && !Avx2.IsSupported)
            width = VectorWidth.V128;
        (this.geometry, this.width, Outputs, relu) = (geometry, width, outputs, finish.Relu);
        (count, bits) = width switch
        {
            VectorWidth.V512 => (64, 6),
            VectorWidth.V256 => (32, 4),
            VectorWidth.V128 => (16, 4),
            _ => (1, 4),
        };
        groups = (geometry.Channels + bits - 1) / bits;
        chunk = byte.MaxValue / bits;
        vectors = width == VectorWidth.V512 && outputs > 2 * count ? 4 : 2;
        padded = (outputs + vectors * count - 1) / (vectors * count) * vectors * count;
        tables = Tables(bits, count);
        weights = new Aligned<byte>(checked(padded * geometry.KernelHeight * geometry.KernelWidth * groups));
        (this.scales, biases) = (new Aligned<float>(padded), new Aligned<float>(padded));
        for (int o = 0; o < outputs; o++)
            (this.scales.Span[o], biases.Span[o]) = (scales[scales.Length == 1 ? 0 : o], finish.Bias?[o] ?? 0);
        Fill(signs);
        homes =
        [
            .. Enumerable
                .Range(0, geometry.InputHeight * geometry.InputWidth)
                .Select(i =>
                    (
                        (i / geometry.InputWidth + geometry.Top) * geometry.PackedWidth
                        + i % geometry.InputWidth
                        + geometry.Left
                    ) * groups
                ),
        ];
        (places, inputs) = (new int[geometry.OutputPlane], new int[geometry.OutputPlane]);
        for (int i = 0; i < places.Length; i++)
        {
            var (row, column) = Math.DivRem(i, geometry.OutputWidth);
            (places[i], inputs[i]) = (
                (row * geometry.StrideY * geometry.PackedWidth + column * geometry.StrideX) * groups,
                geometry.Taps(row, column) * geometry.Channels
            );
        }
    }

    public int Outputs { get; }

    public BinaryConvolutionGeometry Geometry => geometry;

    /// <summary>Bytes of a packed input.</summary>
    public int PackedLength => checked(geometry.PackedHeight * geometry.PackedWidth * groups);

    /// <summary>Numbers of 16 bits that a run needs of scratch.</summary>
    public int Scratch => checked(Block * padded);

    /// <summary>Computes some output pixels.</summary>
    /// <param name="packed">The input from <see cref="Pack"/>.</param>
    /// <param name="y">The output.</param>
    /// <param name="channelStride">From an output channel to the next in <paramref name="y"/>.</param>
    /// <param name="pixelStride">From an output pixel to the next.</param>
    /// <param name="from">The first pixel.</param>
    /// <param name="to">The pixel after the last.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> numbers, this thread's own.</param>
    public void Run(
        ReadOnlySpan<byte> packed,
        Span<float> y,
        int channelStride,
        int pixelStride,
        int from,
        int to,
        Span<ushort> scratch
    )
    {
        if (
            from < 0
            || to > places.Length
            || from > to
            || packed.Length < PackedLength
            || channelStride < 1
            || pixelStride < 1
            || scratch.Length < Scratch
            || y.Length < (Outputs - 1L) * channelStride + (places.Length - 1L) * pixelStride + 1
        )
            throw new ArgumentException("a binary convolution reaches outside its arrays");
        fixed (byte* x = packed)
        fixed (ushort* counts = scratch)
        fixed (float* result = y)
            for (; from < to; from += Block)
            {
                int end = Math.Min(to, from + Block);
                scratch[..Scratch].Clear();
                switch (width)
                {
                    case VectorWidth.V512:
                        Count<Vector512<byte>, Bytes64>(x, counts, from, end);
                        break;
                    case VectorWidth.V256:
                        Count<Vector256<byte>, Bytes32>(x, counts, from, end);
                        break;
                    case VectorWidth.V128:
                        Count<Vector128<byte>, Bytes16>(x, counts, from, end);
                        break;
                    default:
                        Count<byte, Bytes1>(x, counts, from, end);
                        break;
                }
                if (pixelStride == 1 && width >= VectorWidth.V256)
                    Planes(counts, result, channelStride, from, end);
                else
                    Each(counts, result, channelStride, pixelStride, from, end);
            }
        GC.KeepAlive(this);
    }

    private void Each(ushort* counts, float* y, nint channelStride, nint pixelStride, int from, int to)
    {
        for (int pixel = from; pixel < to; pixel++, counts += padded)
        {
            int o =
                channelStride == 1 && width >= VectorWidth.V256 ? Together(counts, y + pixel * pixelStride, pixel) : 0;
            for (; o < Outputs; o++)
                y[pixel * pixelStride + o * channelStride] = Result(inputs[pixel], counts[o], o);
        }
    }

    private static Aligned<byte> Tables(int bits, int count)
    {
        int patterns = 1 << bits;
        var tables = new Aligned<byte>((patterns + 1) * count);
        for (int g = 0; g <= patterns; g++)
        for (int i = 0; i < count; i++)
            tables.Span[g * count + i] = (byte)(
                count == 1
                    ? g == patterns
                        ? byte.MaxValue
                        : g
                    : g == patterns
                        ? 0
                        : BitOperations.PopCount((uint)((g ^ i) & (patterns - 1)))
            );
        return tables;
    }

    /// <summary>A set bit is a -, in weights as in inputs; where there is no channel both are +.</summary>
    private void Fill(ReadOnlySpan<byte> signs)
    {
        int taps = geometry.KernelHeight * geometry.KernelWidth,
            block = vectors * count;
        for (int o = 0; o < Outputs; o++)
        for (int i = 0; i < geometry.Depth; i++)
        {
            int at = o * geometry.Depth + i;
            if ((signs[at / 8] >> at % 8 & 1) != 0)
                continue;
            var (channel, tap) = Math.DivRem(i, taps);
            weights.Pointer[
                ((nint)(o / block) * taps * groups + (nint)tap * groups + channel / bits) * block + o % block
            ] |= (byte)(1 << channel % bits);
        }
    }

    /// <summary>
    /// Counts differences: as many groups at once as bytes can count, over all pixels, so that these weights stay near.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count<V, L>(byte* x, ushort* counts, int from, int to)
        where V : struct
        where L : struct, IByteLanes<V>
    {
        byte** at = stackalloc byte*[Pixels];
        int run = geometry.KernelWidth * groups,
            block = vectors * L.Count,
            chunks = (run + chunk - 1) / chunk;
        byte* w = weights.Pointer;
        for (int first = 0; first < padded; first += block)
        for (int row = 0; row < geometry.KernelHeight; row++)
        for (int cut = 0; cut < chunks; cut++)
        {
            int k = run * cut / chunks,
                some = run * (cut + 1) / chunks - k;
            nint offset = (nint)row * geometry.PackedWidth * groups + k;
            for (int pixel = from; pixel < to; pixel += Pixels)
            {
                for (int i = 0; i < Pixels; i++)
                    at[i] = x + places[Math.Min(pixel + i, to - 1)] + offset;
                if (vectors == 4)
                    FourByFour<V, L>(
                        at,
                        w,
                        tables.Pointer,
                        some,
                        counts + (nint)(pixel - from) * padded + first,
                        padded
                    );
                else
                    FourByTwo<V, L>(
                        at,
                        w,
                        tables.Pointer,
                        some,
                        counts + (nint)(pixel - from) * padded + first,
                        padded
                    );
            }
            w += (nint)some * block;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo<V, L>(byte** at, byte* w, byte* tables, int groups, ushort* counts, nint stride)
        where V : struct
        where L : struct, IByteLanes<V>
    {
        V s00 = default,
            s01 = default,
            s10 = default,
            s11 = default,
            s20 = default,
            s21 = default,
            s30 = default,
            s31 = default;
        byte* x0 = at[0],
            x1 = at[1],
            x2 = at[2],
            x3 = at[3];
        for (nint i = 0; i < groups; i++, w += 2 * L.Count)
        {
            V w0 = L.Load(w),
                w1 = L.Load(w + L.Count),
                t = L.Load(tables + x0[i] * (nint)L.Count);
            (s00, s01) = (L.Add(s00, L.Look(t, w0)), L.Add(s01, L.Look(t, w1)));
            t = L.Load(tables + x1[i] * (nint)L.Count);
            (s10, s11) = (L.Add(s10, L.Look(t, w0)), L.Add(s11, L.Look(t, w1)));
            t = L.Load(tables + x2[i] * (nint)L.Count);
            (s20, s21) = (L.Add(s20, L.Look(t, w0)), L.Add(s21, L.Look(t, w1)));
            t = L.Load(tables + x3[i] * (nint)L.Count);
            (s30, s31) = (L.Add(s30, L.Look(t, w0)), L.Add(s31, L.Look(t, w1)));
        }
        L.AddTo(s00, counts);
        L.AddTo(s01, counts + L.Count);
        L.AddTo(s10, counts + stride);
        L.AddTo(s11, counts + stride + L.Count);
        L.AddTo(s20, counts + 2 * stride);
        L.AddTo(s21, counts + 2 * stride + L.Count);
        L.AddTo(s30, counts + 3 * stride);
        L.AddTo(s31, counts + 3 * stride + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour<V, L>(byte** at, byte* w, byte* tables, int groups, ushort* counts, nint stride)
        where V : struct
        where L : struct, IByteLanes<V>
    {
        V s00 = default,
            s01 = default,
            s02 = default,
            s03 = default,
            s10 = default,
            s11 = default,
            s12 = default,
            s13 = default;
        V s20 = default,
            s21 = default,
            s22 = default,
            s23 = default,
            s30 = default,
            s31 = default,
            s32 = default,
            s33 = default;
        byte* x0 = at[0],
            x1 = at[1],
            x2 = at[2],
            x3 = at[3];
        for (nint i = 0; i < groups; i++, w += 4 * L.Count)
        {
            V w0 = L.Load(w),
                w1 = L.Load(w + L.Count),
                w2 = L.Load(w + 2 * L.Count),
                w3 = L.Load(w + 3 * L.Count);
            V t = L.Load(tables + x0[i] * (nint)L.Count);
            (s00, s01) = (L.Add(s00, L.Look(t, w0)), L.Add(s01, L.Look(t, w1)));
            (s02, s03) = (L.Add(s02, L.Look(t, w2)), L.Add(s03, L.Look(t, w3)));
            t = L.Load(tables + x1[i] * (nint)L.Count);
            (s10, s11) = (L.Add(s10, L.Look(t, w0)), L.Add(s11, L.Look(t, w1)));
            (s12, s13) = (L.Add(s12, L.Look(t, w2)), L.Add(s13, L.Look(t, w3)));
            t = L.Load(tables + x2[i] * (nint)L.Count);
            (s20, s21) = (L.Add(s20, L.Look(t, w0)), L.Add(s21, L.Look(t, w1)));
            (s22, s23) = (L.Add(s22, L.Look(t, w2)), L.Add(s23, L.Look(t, w3)));
            t = L.Load(tables + x3[i] * (nint)L.Count);
            (s30, s31) = (L.Add(s30, L.Look(t, w0)), L.Add(s31, L.Look(t, w1)));
            (s32, s33) = (L.Add(s32, L.Look(t, w2)), L.Add(s33, L.Look(t, w3)));
        }
        Row<V, L>(s00, s01, s02, s03, counts);
        Row<V, L>(s10, s11, s12, s13, counts + stride);
        Row<V, L>(s20, s21, s22, s23, counts + 2 * stride);
        Row<V, L>(s30, s31, s32, s33, counts + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, L>(V a, V b, V c, V d, ushort* counts)
        where V : struct
        where L : struct, IByteLanes<V>
    {
        L.AddTo(a, counts);
        L.AddTo(b, counts + L.Count);
        L.AddTo(c, counts + 2 * L.Count);
        L.AddTo(d, counts + 3 * L.Count);
    }

    /// <summary>A pixel's results where they lie together, in whole vectors; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Together(ushort* counts, float* y, int pixel)
    {
        int o = 0;
        for (; o + 8 <= Outputs; o += 8)
            Eight(counts, pixel, o).Store(y + o);
        return o;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Eight(ushort* counts, int pixel, int o)
    {
        Vector256<int> n = Avx2.ConvertToVector256Int32(counts + o);
        Vector256<float> value =
            Vector256.ConvertToSingle(Vector256.Create(inputs[pixel]) - (n << 1)) * Vector256.Load(scales.Pointer + o)
            + Vector256.Load(biases.Pointer + o);
        return relu ? Vector256.Max(value, Vector256<float>.Zero) : value;
    }

    private float Result(int among, int differences, int output)
    {
        float value = (among - 2 * differences) * scales.Pointer[output] + biases.Pointer[output];
        return relu ? MathF.Max(value, 0) : value;
    }

    /// <summary>Results into planes: eight pixels of eight outputs are transposed round at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Planes(ushort* counts, float* y, nint channelStride, int from, int to)
    {
        float* transposed = stackalloc float[64];
        for (int pixel = from; pixel < to; pixel += 8)
        {
            int high = Math.Min(8, to - pixel);
            for (int o = 0; o < Outputs; o += 8)
            {
                int wide = Math.Min(8, Outputs - o);
                for (int i = 0; i < high; i++)
                    Eight(counts + (nint)(pixel + i - from) * padded, pixel + i, o).Store(transposed + i * 8);
                float* at = y + o * channelStride + pixel;
                if (high == 8 && wide == 8)
                    Transposed8x8.Store(transposed, at, channelStride);
                else
                    for (int c = 0; c < wide; c++)
                    for (int i = 0; i < high; i++)
                        at[c * channelStride + i] = transposed[i * 8 + c];
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.CompressedKernels.Sparse;

/// <summary>
/// A 2-D convolution by the weights that are not zero, over channels that lie plane by plane: each weight scales its
/// whole input plane, shifted by its tap, into vectors of output pixels that stay in registers. Pixels are computed
/// along lines of the padded input, past the output's width too, and what falls there is dropped. Each result is one
/// chain of fused multiply-adds in order of the weights.
/// </summary>
internal sealed unsafe class SparseConvolution
{
    private const int TileVectors = 8;
    private readonly SparseConvolutionGeometry geometry;
    private readonly int[] starts,
        offsets;
    private readonly float[] values;
    private readonly Epilogue finish;
    private readonly int span,
        height,
        wide,
        pitch;

    /// <summary>
    /// Prepares filters: a row an output, its columns input channel (of the group), kernel row and kernel column.
    /// </summary>
    public SparseConvolution(SparseRows filters, SparseConvolutionGeometry geometry, Epilogue finish)
    {
        finish.Check(filters.Rows);
        if (
            filters.Columns != geometry.ChannelsPerGroup * geometry.KernelHeight * geometry.KernelWidth
            || filters.Rows % geometry.Groups != 0
        )
            throw new ArgumentException($"filters of {filters.Rows}x{filters.Columns} weights do not fit {geometry}");
        (this.geometry, this.finish, starts, values) = (geometry, finish, filters.Starts, filters.Values);
        Outputs = filters.Rows;
        (span, height, wide, pitch) = (
            geometry.Span,
            geometry.OutputHeight,
            geometry.OutputWidth,
            geometry.PackedWidth
        );
        offsets = new int[values.Length];
        for (int group = 0, rows = Outputs / geometry.Groups; group < geometry.Groups; group++)
        {
            int[] places = [.. Enumerable.Range(0, filters.Columns).Select(c => geometry.Offset(group, c))];
            for (int i = starts[group * rows]; i < starts[(group + 1) * rows]; i++)
                offsets[i] = places[filters.Places[i]];
        }
    }

    /// <summary>Output channels: what <see cref="Run"/> can be cut by.</summary>
    public int Outputs { get; }

    public int NonZeros => values.Length;

    /// <summary>How the input and the output lie.</summary>
    public SparseConvolutionGeometry Geometry => geometry;

    /// <summary>Computes some output channels of one image.</summary>
    /// <param name="x">The input as <see cref="SparseConvolutionGeometry.Pack"/> lays it out, of
    /// <see cref="SparseConvolutionGeometry.PackedLength"/>
    /// numbers.</param>
    /// <param name="y">All output planes of the image.</param>
    /// <param name="from">The first channel.</param>
    /// <param name="to">The channel after the last.</param>
    /// <param name="scratch">At least <see cref="SparseConvolutionGeometry.Scratch"/> numbers, this thread's
    /// own.</param>
    /// <param name="width">How wide to compute.</param>
    public void Run(ReadOnlySpan<float> x, Span<float> y, int from, int to, Span<float> scratch, VectorWidth width)
    {
        if (
            from < 0
            || to > Outputs
            || x.Length < geometry.PackedLength
            || y.Length < (long)Outputs * geometry.OutputPlane
            || scratch.Length < geometry.Scratch
        )
            throw new ArgumentException("a sparse convolution reaches outside its arrays");
        fixed (
            float* input = x,
                line = scratch,
                planes = y
        )
        {
            float* output = planes + (nint)from * geometry.OutputPlane;
            for (int channel = from; channel < to; channel++, output += height * wide)
            {
                switch (width)
                {
                    case VectorWidth.V512:
                        Channel<Vector512<float>, Simd512>(input, line, channel);
                        break;
                    case VectorWidth.V256:
                        Channel<Vector256<float>, Simd256>(input, line, channel);
                        break;
                    case VectorWidth.V128:
                        Channel<Vector128<float>, Simd128>(input, line, channel);
                        break;
                    default:
                        Channel<float, SimdScalar>(input, line, channel);
                        break;
                }
                Keep(line, output, channel, width);
            }
        }
    }

    /// <summary>Computes a channel's pixels along the packed lines into <paramref name="line"/>.</summary>
    private void Channel<V, L>(float* x, float* line, int channel)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        int vectors = (span + L.Count - 1) / L.Count,
            first = starts[channel],
            count = starts[channel + 1] - first;
        fixed (float* weights = values)
        fixed (int* places = offsets)
            for (; vectors > 0; x += TileVectors * L.Count, line += TileVectors * L.Count, vectors -= TileVectors)
                if (vectors > 6)
                    Tile8<V, L>(x, weights + first, places + first, count, line);
                else if (vectors > 4)
                    Tile6<V, L>(x, weights + first, places + first, count, line);
                else if (vectors > 2)
                    Tile4<V, L>(x, weights + first, places + first, count, line);
                else
                    Tile2<V, L>(x, weights + first, places + first, count, line);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8<V, L>(float* x, float* w, int* offset, int count, float* y)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        V s0 = L.Broadcast(0),
            s1 = s0,
            s2 = s0,
            s3 = s0,
            s4 = s0,
            s5 = s0,
            s6 = s0,
            s7 = s0;
        for (int i = 0; i < count; i++)
        {
            V v = L.Broadcast(w[i]);
            float* at = x + offset[i];
            s0 = L.MultiplyAdd(v, L.Load(at), s0);
            s1 = L.MultiplyAdd(v, L.Load(at + L.Count), s1);
            s2 = L.MultiplyAdd(v, L.Load(at + 2 * L.Count), s2);
            s3 = L.MultiplyAdd(v, L.Load(at + 3 * L.Count), s3);
            s4 = L.MultiplyAdd(v, L.Load(at + 4 * L.Count), s4);
            s5 = L.MultiplyAdd(v, L.Load(at + 5 * L.Count), s5);
            s6 = L.MultiplyAdd(v, L.Load(at + 6 * L.Count), s6);
            s7 = L.MultiplyAdd(v, L.Load(at + 7 * L.Count), s7);
        }
        L.Store(s0, y);
        L.Store(s1, y + L.Count);
        L.Store(s2, y + 2 * L.Count);
        L.Store(s3, y + 3 * L.Count);
        L.Store(s4, y + 4 * L.Count);
        L.Store(s5, y + 5 * L.Count);
        L.Store(s6, y + 6 * L.Count);
        L.Store(s7, y + 7 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6<V, L>(float* x, float* w, int* offset, int count, float* y)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        V s0 = L.Broadcast(0),
            s1 = s0,
            s2 = s0,
            s3 = s0,
            s4 = s0,
            s5 = s0;
        for (int i = 0; i < count; i++)
        {
            V v = L.Broadcast(w[i]);
            float* at = x + offset[i];
            s0 = L.MultiplyAdd(v, L.Load(at), s0);
            s1 = L.MultiplyAdd(v, L.Load(at + L.Count), s1);
            s2 = L.MultiplyAdd(v, L.Load(at + 2 * L.Count), s2);
            s3 = L.MultiplyAdd(v, L.Load(at + 3 * L.Count), s3);
            s4 = L.MultiplyAdd(v, L.Load(at + 4 * L.Count), s4);
            s5 = L.MultiplyAdd(v, L.Load(at + 5 * L.Count), s5);
        }
        L.Store(s0, y);
        L.Store(s1, y + L.Count);
        L.Store(s2, y + 2 * L.Count);
        L.Store(s3, y + 3 * L.Count);
        L.Store(s4, y + 4 * L.Count);
        L.Store(s5, y + 5 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4<V, L>(float* x, float* w, int* offset, int count, float* y)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        V s0 = L.Broadcast(0),
            s1 = s0,
            s2 = s0,
            s3 = s0;
        for (int i = 0; i < count; i++)
        {
            V v = L.Broadcast(w[i]);
            float* at = x + offset[i];
            s0 = L.MultiplyAdd(v, L.Load(at), s0);
            s1 = L.MultiplyAdd(v, L.Load(at + L.Count), s1);
            s2 = L.MultiplyAdd(v, L.Load(at + 2 * L.Count), s2);
            s3 = L.MultiplyAdd(v, L.Load(at + 3 * L.Count), s3);
        }
        L.Store(s0, y);
        L.Store(s1, y + L.Count);
        L.Store(s2, y + 2 * L.Count);
        L.Store(s3, y + 3 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2<V, L>(float* x, float* w, int* offset, int count, float* y)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        V s0 = L.Broadcast(0),
            s1 = s0;
        for (int i = 0; i < count; i++)
        {
            V v = L.Broadcast(w[i]);
            float* at = x + offset[i];
            s0 = L.MultiplyAdd(v, L.Load(at), s0);
            s1 = L.MultiplyAdd(v, L.Load(at + L.Count), s1);
        }
        L.Store(s0, y);
        L.Store(s1, y + L.Count);
    }

    /// <summary>Keeps of each packed line what is output.</summary>
    private void Keep(float* line, float* y, int channel, VectorWidth width)
    {
        float bias = finish.Bias is null ? 0 : finish.Bias[channel],
            least = finish.Relu ? 0 : float.NegativeInfinity;
        int wholes = width > VectorWidth.V128 ? wide & ~7 : 0;
        for (int row = 0; row < height; row++, line += pitch, y += wide)
        {
            for (int i = 0; i < wholes; i += 8)
                Vector256.Max(Vector256.Load(line + i) + Vector256.Create(bias), Vector256.Create(least)).Store(y + i);
            for (int i = wholes; i < wide; i++)
                y[i] = MathF.Max(line[i] + bias, least);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.CompressedKernels.Sparse;

/// <summary>
/// y = x·Wᵀ by the numbers of W that are not zero. Rows of nearly equal length stand in groups of
/// <see cref="Lanes"/>
/// whose numbers lie interleaved, each row a lane (SELL, Kreutzer et al. 2014), with columns of two bytes; a matrix of
/// more columns than those can say is cut into segments of columns. Each result is one chain of fused multiply-adds in
/// order of columns, so it does not depend on the vector width or the threads.
/// </summary>
internal sealed unsafe class SparseProduct
{
    /// <summary>Rows of a group.</summary>
    public const int Lanes = 8;

    private const int SegmentColumns = 1 << 16,
        SidewaysBatch = 4;
    private readonly int segments;
    private readonly int[] rowOf,
        starts;
    private readonly Aligned<ushort> places;
    private readonly Aligned<float> values;
    private readonly Epilogue finish;

    public SparseProduct(SparseRows matrix, Epilogue finish)
    {
        finish.Check(matrix.Rows);
        (Outputs, Inputs, NonZeros, this.finish) = (matrix.Rows, matrix.Columns, matrix.Values.Length, finish);
        Groups = (Outputs + Lanes - 1) / Lanes;
        segments = Math.Max(1, (Inputs + SegmentColumns - 1) / SegmentColumns);
        int[] order = [.. Enumerable.Range(0, Outputs).OrderByDescending(r => matrix.Starts[r + 1] - matrix.Starts[r])];
        rowOf = new int[Groups * Lanes];
        Array.Fill(rowOf, -1);
        order.CopyTo(rowOf, 0);
        int[] cuts = Cuts(matrix);
        starts = Starts(cuts);
        (places, values) = (new Aligned<ushort>(starts[^1] * Lanes), new Aligned<float>(starts[^1] * Lanes));
        Fill(matrix, cuts);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    public int NonZeros { get; }

    /// <summary>Into how many pieces <see cref="Run"/> can be cut. The outputs of a group are any rows.</summary>
    public int Groups { get; }

    /// <summary>Bytes that a run reads of the weight.</summary>
    public long Bytes => starts[^1] * (long)Lanes * (sizeof(ushort) + sizeof(float));

    /// <summary>How much scratch a run on a batch needs, a thread.</summary>
    public int Scratch(int batch, VectorWidth width) =>
        batch < SidewaysBatch ? 0 : checked(Inputs * Across(batch, width));

    /// <summary>Computes the outputs of some groups for a whole batch.</summary>
    /// <param name="x">batch × Inputs, row-major.</param>
    /// <param name="y">batch × Outputs, row-major.</param>
    /// <param name="batch">Rows of both.</param>
    /// <param name="from">The first group.</param>
    /// <param name="to">The group after the last.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> numbers, this thread's own.</param>
    /// <param name="width">How wide to compute.</param>
    public void Run(
        ReadOnlySpan<float> x,
        Span<float> y,
        int batch,
        int from,
        int to,
        Span<float> scratch,
        VectorWidth width
    )
    {
        if (
            x.Length < (long)batch * Inputs
            || y.Length < (long)batch * Outputs
            || from < 0
            || to > Groups
            || scratch.Length < Scratch(batch, width)
        )
            throw new ArgumentException("a sparse product reaches outside its arrays");
        fixed (
            float* input = x,
                output = y,
                side = scratch
        )
        {
            int done = 0;
            if (batch >= SidewaysBatch)
                for (int lanes; done < batch; done += lanes)
                    lanes = Sideways(
                        input + (nint)done * Inputs,
                        output + (nint)done * Outputs,
                        batch - done,
                        (from, to),
                        side,
                        width
                    );
            for (; done < batch; done++)
                Single(input + (nint)done * Inputs, output + (nint)done * Outputs, from, to, width);
        }
        GC.KeepAlive(this);
    }

    private static int Across(int batch, VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 when batch > 8 => 16,
            VectorWidth.V512 or VectorWidth.V256 when batch > 4 => 8,
            VectorWidth.Scalar => 1,
            _ => 4,
        };

    private int[] Cuts(SparseRows matrix)
    {
        var cuts = new int[rowOf.Length * (segments + 1)];
        for (int lane = 0; lane < rowOf.Length; lane++)
        {
            if (rowOf[lane] is not (>= 0 and var row))
                continue;
            int at = matrix.Starts[row];
            for (int segment = 0; segment <= segments; segment++)
            {
                while (at < matrix.Starts[row + 1] && matrix.Places[at] < (long)segment * SegmentColumns)
                    at++;
                cuts[lane * (segments + 1) + segment] = at;
            }
        }
        return cuts;
    }

    /// <summary>Where each group's segments begin, in steps of <see cref="Lanes"/> numbers.</summary>
    private int[] Starts(int[] cuts)
    {
        var result = new int[Groups * segments + 1];
        for (int i = 0; i < Groups * segments; i++)
        {
            var (group, segment) = Math.DivRem(i, segments);
            int longest = 0;
            for (int lane = group * Lanes; lane < (group + 1) * Lanes; lane++)
                longest = Math.Max(
                    longest,
                    cuts[lane * (segments + 1) + segment + 1] - cuts[lane * (segments + 1) + segment]
                );
            result[i + 1] = checked(result[i] + longest);
        }
        _ = checked(result[^1] * Lanes);
        return result;
    }

    private void Fill(SparseRows matrix, int[] cuts)
    {
        for (int lane = 0; lane < rowOf.Length; lane++)
        for (int segment = 0; segment < segments; segment++)
        {
            int i = lane / Lanes * segments + segment,
                at = starts[i] * Lanes + lane % Lanes,
                end = starts[i + 1] * Lanes;
            int k = cuts[lane * (segments + 1) + segment],
                last = cuts[lane * (segments + 1) + segment + 1];
            // A lane that ends early goes on at its own last column, with zeros.
            for (ushort place = 0; at < end; at += Lanes, k++)
            {
                if (k < last)
                    place = (ushort)(matrix.Places[k] - segment * SegmentColumns);
                (places.Pointer[at], values.Pointer[at]) = (place, k < last ? matrix.Values[k] : 0);
            }
        }
    }

    private void Single(float* x, float* y, int from, int to, VectorWidth width)
    {
        float* sums = stackalloc float[Lanes];
        for (int group = from; group < to; group++)
        {
            if (width >= VectorWidth.V256)
                Group256(x, sums, group);
            else if (width == VectorWidth.V128)
                Group128(x, sums, group);
            else
                GroupScalar(x, sums, group);
            for (int lane = 0; lane < Lanes && rowOf[group * Lanes + lane] is >= 0 and var row; lane++)
                y[row] = finish.Apply(sums[lane], row);
        }
    }

    private void GroupScalar(float* x, float* sums, int group)
    {
        new Span<float>(sums, Lanes).Clear();
        for (int segment = 0; segment < segments; segment++, x += SegmentColumns)
        for (
            int i = starts[group * segments + segment] * Lanes;
            i < starts[group * segments + segment + 1] * Lanes;
            i++
        )
            sums[i % Lanes] = MathF.FusedMultiplyAdd(values.Pointer[i], x[places.Pointer[i]], sums[i % Lanes]);
    }

    private void Group128(float* x, float* sums, int group)
    {
        Vector128<float> low = Vector128<float>.Zero,
            high = low;
        for (int segment = group * segments; segment < (group + 1) * segments; segment++, x += SegmentColumns)
        {
            float* w = values.Pointer + (nint)starts[segment] * Lanes,
                end = values.Pointer + (nint)starts[segment + 1] * Lanes;
            for (ushort* p = places.Pointer + (nint)starts[segment] * Lanes; w < end; w += Lanes, p += Lanes)
            {
                low = Vector128.FusedMultiplyAdd(
                    Vector128.Create(x[p[0]], x[p[1]], x[p[2]], x[p[3]]),
                    Vector128.Load(w),
                    low
                );
                high = Vector128.FusedMultiplyAdd(
                    Vector128.Create(x[p[4]], x[p[5]], x[p[6]], x[p[7]]),
                    Vector128.Load(w + 4),
                    high
                );
            }
        }
        low.Store(sums);
        high.Store(sums + 4);
    }

    // Eight loads and their shuffles are faster than a gather instruction.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Group256(float* x, float* sums, int group)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int segment = group * segments; segment < (group + 1) * segments; segment++, x += SegmentColumns)
        {
            float* w = values.Pointer + (nint)starts[segment] * Lanes,
                end = values.Pointer + (nint)starts[segment + 1] * Lanes;
            for (ushort* p = places.Pointer + (nint)starts[segment] * Lanes; w < end; w += Lanes, p += Lanes)
            {
                Prefetch.Request(w);
                Prefetch.Request(p);
                var read = Vector256.Create(x[p[0]], x[p[1]], x[p[2]], x[p[3]], x[p[4]], x[p[5]], x[p[6]], x[p[7]]);
                sum = Vector256.FusedMultiplyAdd(read, Vector256.Load(w), sum);
            }
        }
        sum.Store(sums);
    }

    /// <summary>As many rows of the batch as a vector has lanes, or what is left of them; returns how many.</summary>
    private int Sideways(float* x, float* y, int rows, (int From, int To) groups, float* scratch, VectorWidth width)
    {
        switch (Across(rows, width))
        {
            case 16:
                return Sideways<Vector512<float>, Simd512>(x, y, rows, groups, scratch);
            case 8:
                return Sideways<Vector256<float>, Simd256>(x, y, rows, groups, scratch);
            case 4:
                return Sideways<Vector128<float>, Simd128>(x, y, rows, groups, scratch);
            default:
                return Sideways<float, SimdScalar>(x, y, rows, groups, scratch);
        }
    }

    private int Sideways<V, L>(float* x, float* y, int rows, (int From, int To) groups, float* scratch)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        rows = Math.Min(rows, L.Count);
        for (int column = 0; column < Inputs; column++)
        for (int lane = 0; lane < L.Count; lane++)
            scratch[(nint)column * L.Count + lane] = lane < rows ? x[(nint)lane * Inputs + column] : 0;
        float* sums = stackalloc float[Lanes * 16];
        for (int group = groups.From; group < groups.To; group++)
        {
            SidewaysGroup<V, L>(scratch, sums, group);
            for (int lane = 0; lane < Lanes && rowOf[group * Lanes + lane] is >= 0 and var row; lane++)
            for (int i = 0; i < rows; i++)
                y[(nint)i * Outputs + row] = finish.Apply(sums[lane * L.Count + i], row);
        }
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SidewaysGroup<V, L>(float* x, float* sums, int group)
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
        nint across = L.Count;
        for (int segment = group * segments; segment < (group + 1) * segments; segment++, x += SegmentColumns * across)
        {
            float* w = values.Pointer + (nint)starts[segment] * Lanes,
                end = values.Pointer + (nint)starts[segment + 1] * Lanes;
            for (ushort* p = places.Pointer + (nint)starts[segment] * Lanes; w < end; w += Lanes, p += Lanes)
            {
                s0 = L.MultiplyAdd(L.Broadcast(w[0]), L.Load(x + p[0] * across), s0);
                s1 = L.MultiplyAdd(L.Broadcast(w[1]), L.Load(x + p[1] * across), s1);
                s2 = L.MultiplyAdd(L.Broadcast(w[2]), L.Load(x + p[2] * across), s2);
                s3 = L.MultiplyAdd(L.Broadcast(w[3]), L.Load(x + p[3] * across), s3);
                s4 = L.MultiplyAdd(L.Broadcast(w[4]), L.Load(x + p[4] * across), s4);
                s5 = L.MultiplyAdd(L.Broadcast(w[5]), L.Load(x + p[5] * across), s5);
                s6 = L.MultiplyAdd(L.Broadcast(w[6]), L.Load(x + p[6] * across), s6);
                s7 = L.MultiplyAdd(L.Broadcast(w[7]), L.Load(x + p[7] * across), s7);
            }
        }
        L.Store(s0, sums);
        L.Store(s1, sums + across);
        L.Store(s2, sums + 2 * across);
        L.Store(s3, sums + 3 * across);
        L.Store(s4, sums + 4 * across);
        L.Store(s5, sums + 5 * across);
        L.Store(s6, sums + 6 * across);
        L.Store(s7, sums + 7 * across);
    }
}

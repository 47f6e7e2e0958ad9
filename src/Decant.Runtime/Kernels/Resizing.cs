using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX Resize: nearest on every element type, linear and cubic on floating-point types, one axis after the
/// other.
/// </summary>
internal static class Resize
{
    public static Tensor Run(Operators.Resize op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        var tables = new Operators.ResampleTable?[x.Shape.Rank];
        if (context.Output.Count == 0)
            return Tensor.Zeros(x.Type, context.Output);
        IReadOnlyList<Operators.ResizeAxis> axes = op.Axes(x.Shape, context.Known);
        // Beside the tables, samples of one axis after the other are held: the input's, and at most twice the result's.
        context.Memory.Require(
            axes.Sum(op.Sampling.TableBytes) + 2 * x.Type.Size() * (double)context.Output.Count,
            "resizing"
        );
        foreach (Operators.ResizeAxis axis in axes)
            tables[axis.Axis] = op.Sampling.Table(axis);
        bool reachesOut = tables.Any(t => t is not null && t.Outside.Contains(true));
        if (op.Sampling.Mode == "nearest")
            return AxisGather.Run(
                x,
                Maps(x.Shape, tables),
                context.Output,
                reachesOut ? Extrapolation(op, x.Type) : []
            );
        return x.Type switch
        {
            ElementType.Float32 => Sampled<float>(x, tables, op.Extrapolation, context),
            ElementType.Float64 => Sampled<double>(x, tables, op.Extrapolation, context),
            var type => throw new ModelException(
                $"an input of {type}; mode '{op.Sampling.Mode}' takes floating-point types"
            ),
        };
    }

    private static int[][] Maps(Shape x, Operators.ResampleTable?[] tables) =>
        [
            .. tables.Select(
                (t, axis) =>
                    t is null
                        ? Enumerable.Range(0, x[axis]).ToArray()
                        : [.. t.Outside.Select((outside, i) => outside ? AxisGather.Fill : t.Indices[i])]
            ),
        ];

    private static byte[] Extrapolation(Operators.Resize op, ElementType type) =>
        type switch
        {
            ElementType.Float32 => BitConverter.GetBytes(op.Extrapolation),
            ElementType.Float64 => BitConverter.GetBytes((double)op.Extrapolation),
            ElementType.Float16 => BitConverter.GetBytes((Half)op.Extrapolation),
            ElementType.UInt8 or ElementType.Int8 => [unchecked((byte)(int)op.Extrapolation)],
            _ => throw new ModelException($"an extrapolation of {type}; floating-point and 8-bit types are possible"),
        };

    private static Tensor Sampled<T>(Tensor x, Operators.ResampleTable?[] tables, float outside, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] dims = [.. x.Shape.Dims];
        T[] values = x.Array<T>();
        // Where an axis shrinks it goes first; of equals the last one does, as it is slowest.
        foreach (
            int axis in Enumerable
                .Range(0, dims.Length)
                .Where(a => tables[a] is { IsIdentity: false })
                .OrderBy(a => (double)tables[a]!.Output / tables[a]!.Input)
                .ThenByDescending(a => a)
        )
        {
            dims[axis] = tables[axis]!.Output;
            values = ResampledAxis.Run(
                values,
                tables[axis]!,
                (int)new Shape(dims).CountFrom(axis + 1),
                context.Threads
            );
        }
        if (ReferenceEquals(values, x.Array<T>()))
            values = (T[])values.Clone();
        for (int axis = 0; axis < dims.Length; axis++)
            FillOutside(values, tables[axis], (int)context.Output.CountFrom(axis + 1), T.CreateTruncating(outside));
        return Tensor.Of(context.Output, values);
    }

    private static void FillOutside<T>(Span<T> values, Operators.ResampleTable? table, int inner, T value)
    {
        if (table is null || values.IsEmpty || !table.Outside.Contains(true))
            return;
        for (int row = 0; row < values.Length / inner; row++)
            if (table.Outside[row % table.Output])
                values.Slice(row * inner, inner).Fill(value);
    }
}

/// <summary>Samples one axis of a tensor anew: a sparse matrix times each of its rows.</summary>
internal static class ResampledAxis
{
    /// <summary>The tensor with its axis sampled.</summary>
    /// <param name="x">The tensor, (outer, input, inner).</param>
    /// <param name="table">Which inputs each output reads, and how much each counts.</param>
    /// <param name="inner">The product of the extents behind the axis.</param>
    /// <param name="threads">How to spread work.</param>
    public static T[] Run<T>(T[] x, Operators.ResampleTable table, int inner, Threads threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int outer = inner == 0 ? 0 : x.Length / table.Input / inner,
            taps = table.Taps;
        var y = new T[checked(outer * table.Output * inner)];
        T[] weights = Array.ConvertAll(table.Weights.ToArray(), T.CreateTruncating);
        int[] indices = table.Indices.ToArray();
        threads.Ranges(outer * table.Output, Math.Max(1, (1 << 14) / Math.Max(1, inner * taps)), (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                var (start, o) = Math.DivRem(row, table.Output);
                ReadOnlySpan<T> from = x.AsSpan(start * table.Input * inner, table.Input * inner);
                ReadOnlySpan<int> places = indices.AsSpan(o * taps, taps);
                ReadOnlySpan<T> shares = weights.AsSpan(o * taps, taps);
                if (inner == 1)
                    y[row] = One(from, places, shares);
                else
                    Row(from, places, shares, y.AsSpan(row * inner, inner));
            }
        });
        return y;
    }

    private static T One<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> places, ReadOnlySpan<T> shares)
        where T : INumber<T>
    {
        T sum = T.Zero;
        for (int t = 0; t < places.Length; t++)
            sum += from[places[t]] * shares[t];
        return sum;
    }

    private static void Row<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> places, ReadOnlySpan<T> shares, Span<T> to)
        where T : unmanaged, INumber<T>
    {
        int i = 0;
        for (; i <= to.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> sum = Vector<T>.Zero;
            for (int t = 0; t < places.Length; t++)
                sum += new Vector<T>(from[(places[t] * to.Length + i)..]) * shares[t];
            sum.CopyTo(to[i..]);
        }
        for (; i < to.Length; i++)
        {
            T sum = T.Zero;
            for (int t = 0; t < places.Length; t++)
                sum += from[places[t] * to.Length + i] * shares[t];
            to[i] = sum;
        }
    }
}

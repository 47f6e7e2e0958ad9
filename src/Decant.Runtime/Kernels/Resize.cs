using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Resize: nearest on every element type, linear and cubic on floating-point types, one axis after the other.</summary>
internal static class Resize
{
    public static Tensor Run(Operators.Resize op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        var tables = new Operators.ResampleTable?[x.Shape.Rank];
        foreach (Operators.ResizeAxis axis in op.Axes(x.Shape, context.Known)) tables[axis.Axis] = op.Sampling.Table(axis);
        if (context.Output.Count > 0 && x.Count == 0) throw new ModelException($"an input of shape {x.Shape} has nothing to sample");
        bool reachesOut = tables.Any(t => t is not null && t.Outside.Contains(true));
        if (op.Sampling.Mode == "nearest") return AxisGather.Run(x, Maps(x.Shape, tables), context.Output, reachesOut ? Extrapolation(op, x.Type) : []);
        return x.Type switch
        {
            ElementType.Float32 => Sampled<float>(x, tables, op.Extrapolation, context),
            ElementType.Float64 => Sampled<double>(x, tables, op.Extrapolation, context),
            var type => throw new ModelException($"an input of {type}; mode '{op.Sampling.Mode}' takes floating-point types"),
        };
    }

    private static int[][] Maps(Shape x, Operators.ResampleTable?[] tables) => [.. tables.Select((t, axis) => t is null
        ? Enumerable.Range(0, x[axis]).ToArray()
        : [.. t.Outside.Select((outside, i) => outside ? AxisGather.Fill : t.Indices[i])])];

    private static byte[] Extrapolation(Operators.Resize op, ElementType type) => type switch
    {
        ElementType.Float32 => BitConverter.GetBytes(op.Extrapolation),
        ElementType.Float64 => BitConverter.GetBytes((double)op.Extrapolation),
        ElementType.Float16 => BitConverter.GetBytes((Half)op.Extrapolation),
        ElementType.UInt8 or ElementType.Int8 => [unchecked((byte)(int)op.Extrapolation)],
        _ => throw new ModelException($"an extrapolation of {type}; floating-point and 8-bit types are possible"),
    };

    private static Tensor Sampled<T>(Tensor x, Operators.ResampleTable?[] tables, float outside, KernelContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] dims = [.. x.Shape.Dims];
        T[] values = x.Array<T>();
        // Where an axis shrinks it goes first; of equals the last one does, as it is slowest.
        foreach (int axis in Enumerable.Range(0, dims.Length).Where(a => tables[a] is { IsIdentity: false }).OrderBy(a => (double)tables[a]!.Output / tables[a]!.Input).ThenByDescending(a => a))
        {
            dims[axis] = tables[axis]!.Output;
            values = ResampledAxis.Run(values, tables[axis]!, (int)new Shape(dims).CountFrom(axis + 1), context.Threads);
        }
        if (ReferenceEquals(values, x.Array<T>())) values = (T[])values.Clone();
        for (int axis = 0; axis < dims.Length; axis++) FillOutside(values, tables[axis], (int)context.Output.CountFrom(axis + 1), T.CreateTruncating(outside));
        return Tensor.Of(context.Output, values);
    }

    private static void FillOutside<T>(Span<T> values, Operators.ResampleTable? table, int inner, T value)
    {
        if (table is null || values.IsEmpty || !table.Outside.Contains(true)) return;
        for (int row = 0; row < values.Length / inner; row++)
            if (table.Outside[row % table.Output]) values.Slice(row * inner, inner).Fill(value);
    }
}

using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that only move elements, of any type.</summary>
internal static class Movement
{
    public static PartialTensor? Concat(FoldContext c)
    {
        var parts = new PartialTensor[c.Node.Inputs.Length];
        for (int i = 0; i < parts.Length; i++)
            if (c.Input(i) is { } part) parts[i] = part;
            else return null;
        if (parts.Length == 0) return null;
        var join = new Core.Operators.Concat(c.Attributes);
        Shape shape = join.Output([.. parts.Select(p => p.Shape)]);
        if (!c.Affords(shape) || parts.Any(p => p.Type != parts[0].Type)) return null;
        return new PartialTensor(parts[0].Type, shape, Join(parts, shape, shape.Axis(join.Axis)));
    }

    public static PartialTensor? Expand(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Integers(1) is not { } target) return null;
        Shape shape = Shape.Broadcast(x.Shape, new Shape([.. target.Select(Extent)]));
        return c.Affords(shape) ? x.Pick(shape, Index.Broadcast(x.Shape, shape)) : null;
    }

    public static PartialTensor? Gather(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Input(1) is not { } wanted || wanted.Integers() is not { } indices) return null;
        int axis = x.Shape.Axis(c.Attributes.Int("axis", 0)), extent = x.Shape[axis], inner = (int)x.Shape.CountFrom(axis + 1);
        var shape = new Shape([.. x.Shape.Dims[..axis], .. wanted.Shape.Dims, .. x.Shape.Dims[(axis + 1)..]]);
        if (!c.Affords(shape)) return null;
        foreach (long i in indices)
            if (i < -extent || i >= extent) throw new ModelException($"index {i} is outside an axis of {extent}");
        var from = new int[(int)shape.Count];
        for (int i = 0; i < from.Length; i++)
        {
            int outer = i / (inner * indices.Length), index = (int)indices[i / inner % indices.Length];
            from[i] = (outer * extent + (index < 0 ? index + extent : index)) * inner + i % inner;
        }
        return x.Pick(shape, from);
    }

    public static PartialTensor? Slice(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Integers(1) is not { } starts || c.Integers(2) is not { } ends) return null;
        if ((c.Has(3) && c.Integers(3) is null) || (c.Has(4) && c.Integers(4) is null)) return null;
        int[] strides = Index.Strides(x.Shape), steps = [.. strides], dims = [.. x.Shape.Dims];
        int first = 0;
        foreach (var (axis, start, step, count) in Core.Operators.Slice.Ranges(x.Shape, starts, ends, c.Integers(3), c.Integers(4)))
        {
            first += start * strides[axis];
            (steps[axis], dims[axis]) = (step * strides[axis], count);
        }
        return x.Pick(new Shape(dims), Index.Walk(new Shape(dims), first, steps));
    }

    public static PartialTensor? Transpose(FoldContext c)
    {
        if (c.Input(0) is not { } x) return null;
        int[] order = new Core.Operators.Transpose(c.Attributes).Order(x.Shape.Rank), strides = Index.Strides(x.Shape);
        var shape = new Shape([.. order.Select(a => x.Shape[a])]);
        return c.Affords(shape) ? x.Pick(shape, Index.Walk(shape, 0, [.. order.Select(a => strides[a])])) : null;
    }

    private static Term[] Join(PartialTensor[] parts, Shape shape, int axis)
    {
        var terms = new Term[(int)shape.Count];
        if (terms.Length == 0) return terms;
        int done = 0, outer = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int o = 0; o < outer; o++)
            foreach (PartialTensor part in parts)
            {
                int block = part.Count / outer;
                part.Terms.AsSpan(o * block, block).CopyTo(terms.AsSpan(done));
                done += block;
            }
        return terms;
    }

    private static int Extent(long value) => value is >= 0 and <= int.MaxValue ? (int)value : throw new ModelException($"an extent of {value}");
}

using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that only move elements, of any type.</summary>
internal static class Movement
{
    public static PartialTensor? Concat(FoldContext c)
    {
        var parts = new PartialTensor[c.Node.Inputs.Length];
        for (int i = 0; i < parts.Length; i++)
            if (c.Input(i) is { } part)
                parts[i] = part;
            else
                return null;
        if (parts.Length == 0)
            return null;
        var join = new Core.Operators.Concat(c.Attributes);
        Shape shape = join.Output([.. parts.Select(p => p.Shape)]);
        if (!c.Affords(shape) || parts.Any(p => p.Type != parts[0].Type))
            return null;
        return new PartialTensor(parts[0].Type, shape, Join(parts, shape, shape.Axis(join.Axis)));
    }

    public static PartialTensor? Expand(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Integers(1) is not { } target)
            return null;
        Shape shape = Shape.Broadcast(x.Shape, new Shape([.. target.Select(Extent)]));
        return c.Affords(shape) ? x.Pick(shape, Index.Broadcast(x.Shape, shape)) : null;
    }

    public static PartialTensor? Gather(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Input(1) is not { } wanted || wanted.Integers() is not { } indices)
            return null;
        int axis = x.Shape.Axis(c.Attributes.Int("axis", 0)),
            extent = x.Shape[axis],
            inner = (int)x.Shape.CountFrom(axis + 1);
        var shape = new Shape([.. x.Shape.Dims[..axis], .. wanted.Shape.Dims, .. x.Shape.Dims[(axis + 1)..]]);
        if (!c.Affords(shape))
            return null;
        foreach (long i in indices)
            if (i < -extent || i >= extent)
                throw new ModelException($"index {i} is outside an axis of {extent}");
        var from = new int[(int)shape.Count];
        for (int i = 0; i < from.Length; i++)
        {
            int outer = i / (inner * indices.Length),
                index = (int)indices[i / inner % indices.Length];
            from[i] = (outer * extent + (index < 0 ? index + extent : index)) * inner + i % inner;
        }
        return x.Pick(shape, from);
    }

    public static PartialTensor? Slice(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Integers(1) is not { } starts || c.Integers(2) is not { } ends)
            return null;
        if ((c.Has(3) && c.Integers(3) is null) || (c.Has(4) && c.Integers(4) is null))
            return null;
        int[] strides = Index.Strides(x.Shape),
            steps = [.. strides],
            dims = [.. x.Shape.Dims];
        int first = 0;
        foreach (
            var (axis, start, step, count) in Core.Operators.Slice.Ranges(
                x.Shape,
                starts,
                ends,
                c.Integers(3),
                c.Integers(4)
            )
        )
        {
            first += start * strides[axis];
            (steps[axis], dims[axis]) = (step * strides[axis], count);
        }
        return x.Pick(new Shape(dims), Index.Walk(new Shape(dims), first, steps));
    }

    public static PartialTensor? Transpose(FoldContext c)
    {
        if (c.Input(0) is not { } x)
            return null;
        int[] order = new Core.Operators.Transpose(c.Attributes).Order(x.Shape.Rank),
            strides = Index.Strides(x.Shape);
        var shape = new Shape([.. order.Select(a => x.Shape[a])]);
        return c.Affords(shape) ? x.Pick(shape, Index.Walk(shape, 0, [.. order.Select(a => strides[a])])) : null;
    }

    private static Term[] Join(PartialTensor[] parts, Shape shape, int axis)
    {
        var terms = new Term[(int)shape.Count];
        if (terms.Length == 0)
            return terms;
        int done = 0,
            outer = 1;
        for (int i = 0; i < axis; i++)
            outer *= shape[i];
        for (int o = 0; o < outer; o++)
            foreach (PartialTensor part in parts)
            {
                int block = part.Count / outer;
                part.Terms.AsSpan(o * block, block).CopyTo(terms.AsSpan(done));
                done += block;
            }
        return terms;
    }

    private static int Extent(long value) =>
        value is >= 0 and <= int.MaxValue ? (int)value : throw new ModelException($"an extent of {value}");
}

/// <summary>Operators that give the same elements another shape.</summary>
internal static class Views
{
    /// <summary>The elements known in part under their new shape.</summary>
    public static PartialTensor? Fold(FoldContext c) =>
        c.Input(0) is { } x && Reshaped(c, x.Shape) is { } shape ? x with { Shape = shape } : null;

    /// <summary>
    /// A constant of any size under its new shape, its array shared; null if the node is no such operator, or its input
    /// not constant.
    /// </summary>
    public static Tensor? OfConstant(FoldContext c) =>
        c.Values.Constant(c.Node.Input(0)) is { } x && Reshaped(c, x.Shape) is { } shape ? x.Reshape(shape) : null;

    private static Shape? Reshaped(FoldContext c, Shape x) =>
        c.Node.Type switch
        {
            "Flatten" => new Core.Operators.Flatten(c.Attributes).Output(x),
            "Reshape" => c.Integers(1) is { } target
                ? new Core.Operators.Reshape(c.Attributes).Output(x, target)
                : null,
            "Squeeze" => c.Has(1) && c.Integers(1) is null ? null : Core.Operators.Squeeze.Output(x, c.Integers(1)),
            "Unsqueeze" => c.Integers(1) is { } axes ? Core.Operators.Unsqueeze.Output(x, axes) : null,
            _ => null,
        };
}

/// <summary>For each element of a result, row-major, which element of an operand it is.</summary>
internal static class Index
{
    /// <summary>A walk over a result in which a step along each axis moves so far in the operand.</summary>
    /// <param name="shape">The result's shape.</param>
    /// <param name="start">The operand's element that the first is.</param>
    /// <param name="steps">For each axis of the result, how far a step goes in the operand.</param>
    public static int[] Walk(Shape shape, int start, ReadOnlySpan<int> steps)
    {
        var result = new int[(int)shape.Count];
        var at = new int[shape.Rank];
        for (int i = 0, from = start; i < result.Length; i++)
        {
            result[i] = from;
            for (int axis = at.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++at[axis] < shape[axis])
                    break;
                from -= steps[axis] * shape[axis];
                at[axis] = 0;
            }
        }
        return result;
    }

    /// <summary>How far a step along each axis of a row-major tensor goes.</summary>
    public static int[] Strides(Shape shape)
    {
        var strides = new int[shape.Rank];
        for (int axis = strides.Length - 1, stride = 1; axis >= 0; stride *= shape[axis--])
            strides[axis] = stride;
        return strides;
    }

    /// <summary>An operand broadcast to a result's shape.</summary>
    public static int[] Broadcast(Shape operand, Shape result)
    {
        int[] strides = Strides(operand),
            steps = new int[result.Rank];
        for (int i = 1; i <= operand.Rank; i++)
            steps[^i] = operand[-i] == 1 ? 0 : strides[^i];
        return Walk(result, 0, steps);
    }
}

/// <summary>Operators that make numbers from shapes, or from few numbers many.</summary>
internal static class Making
{
    public static PartialTensor? Shape(FoldContext c)
    {
        if (c.Extents(0) is not { } extents)
            return null;
        var (first, count) = new Core.Operators.Inspection.Shape(c.Attributes).Range(extents.Length);
        return PartialTensor.Vector(extents[first..(first + count)]);
    }

    public static PartialTensor? Size(FoldContext c) =>
        c.Extents(0) is { } extents
            ? new PartialTensor(ElementType.Int64, Core.Shape.Scalar, [extents.Aggregate(Term.Of(1), (n, d) => n * d)])
            : null;

    public static PartialTensor? ConstantOfShape(FoldContext c)
    {
        if (c.Integers(0) is not { } dims || dims.Any(d => d is < 0 or > int.MaxValue))
            return null;
        var shape = new Shape([.. dims.Select(d => (int)d)]);
        PartialTensor? value = PartialTensor.Of(c.Attributes.Tensor("value") ?? Tensor.Vector(0f));
        if (value is not { Count: 1 } || !c.Affords(shape))
            return null;
        var terms = new Term[(int)shape.Count];
        Array.Fill(terms, value.Terms[0]);
        return new PartialTensor(value.Type, shape, terms);
    }

    public static PartialTensor? Range(FoldContext c)
    {
        if (c.Input(0) is not { IsInteger: true } first)
            return null;
        if (c.Integers(0) is not [var start] || c.Integers(1) is not [var limit] || c.Integers(2) is not [var delta])
            return null;
        Int128 count = Core.Operators.Range.Steps(start, limit, delta);
        if (count > PartialTensor.MaxCount || !c.Values.Affords((long)count))
            return null;
        Term[] terms = [.. Enumerable.Range(0, (int)count).Select(i => Term.Of(start + i * delta))];
        return new PartialTensor(first.Type, new Shape((int)count), terms);
    }
}

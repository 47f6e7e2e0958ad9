using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that make numbers from shapes, or from few numbers many.</summary>
internal static class Making
{
    public static PartialTensor? Shape(FoldContext c)
    {
        if (c.Extents(0) is not { } extents) return null;
        var (first, count) = new Core.Operators.Inspection.Shape(c.Attributes).Range(extents.Length);
        return PartialTensor.Vector(extents[first..(first + count)]);
    }

    public static PartialTensor? Size(FoldContext c) => c.Extents(0) is { } extents
        ? new PartialTensor(ElementType.Int64, Core.Shape.Scalar, [extents.Aggregate(Term.Of(1), (n, d) => n * d)])
        : null;

    public static PartialTensor? ConstantOfShape(FoldContext c)
    {
        if (c.Integers(0) is not { } dims || dims.Any(d => d is < 0 or > int.MaxValue)) return null;
        var shape = new Shape([.. dims.Select(d => (int)d)]);
        PartialTensor? value = PartialTensor.Of(c.Attributes.Tensor("value") ?? Tensor.Vector(0f));
        if (value is not { Count: 1 } || !c.Affords(shape)) return null;
        var terms = new Term[(int)shape.Count];
        Array.Fill(terms, value.Terms[0]);
        return new PartialTensor(value.Type, shape, terms);
    }

    public static PartialTensor? Range(FoldContext c)
    {
        if (c.Input(0) is not { IsInteger: true } first) return null;
        if (c.Integers(0) is not [var start] || c.Integers(1) is not [var limit] || c.Integers(2) is not [var delta]) return null;
        Int128 count = Core.Operators.Range.Steps(start, limit, delta);
        if (count > PartialTensor.MaxCount || !c.Values.Affords((long)count)) return null;
        Term[] terms = [.. Enumerable.Range(0, (int)count).Select(i => Term.Of(start + i * delta))];
        return new PartialTensor(first.Type, new Shape((int)count), terms);
    }
}

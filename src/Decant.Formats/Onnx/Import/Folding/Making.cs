using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that make numbers from shapes, or from few numbers many.</summary>
internal static class Making
{
    public static PartialTensor? Shape(FoldContext c)
    {
        if (c.Extents(0) is not { } extents) return null;
        int start = Bound(c.Attributes.Int("start", 0), extents.Length), end = Bound(c.Attributes.Int("end", extents.Length), extents.Length);
        return PartialTensor.Vector(extents[start..Math.Max(start, end)]);
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
        if (delta == 0) throw new ModelException("a Range with step 0");
        Int128 span = (Int128)limit - start;
        Int128 count = span == 0 || Int128.IsNegative(span) != delta < 0 ? 0 : (span + delta - Math.Sign(delta)) / delta;
        if (count > PartialTensor.MaxCount || !c.Values.Affords((long)count)) return null;
        Term[] terms = [.. Enumerable.Range(0, (int)count).Select(i => Term.Of(start + i * delta))];
        return new PartialTensor(first.Type, new Shape((int)count), terms);
    }

    private static int Bound(long value, int rank) => (int)Math.Clamp(value < 0 ? value + rank : value, 0, rank);
}

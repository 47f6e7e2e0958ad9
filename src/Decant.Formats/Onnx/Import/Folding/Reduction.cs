using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Sums and products over all of a vector of integers.</summary>
internal static class Reduction
{
    public static PartialTensor? Fold(FoldContext c, Term seed, Func<Term, Term, Term> combine)
    {
        if (c.Input(0) is not { IsInteger: true, Shape.Rank: 1 } x) return null;
        if (c.Has(1) && c.Integers(1) is not ([] or [0] or [-1])) return null;
        if (c.Attributes.Flag("noop_with_empty_axes") && c.Integers(1) is not [_]) return null;
        Shape shape = c.Attributes.Flag("keepdims", true) ? new Shape(1) : Shape.Scalar;
        return Arithmetic.Wrapped(x.Type, shape, [x.Terms.Aggregate(seed, combine)]);
    }
}

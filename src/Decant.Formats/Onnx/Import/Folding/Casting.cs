using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Conversion of elements between integers, bools and 32-bit floats.</summary>
internal static class Casting
{
    public static PartialTensor? Cast(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Attributes.Int("to") is not (>= 0 and <= 22 and var to)) return null;
        Func<Term, Term>? convert = (x.Type, (ElementType)to) switch
        {
            var (a, b) when a == b => t => t,
            (ElementType.Int64 or ElementType.Bool, ElementType.Int32) => t => t.IsConstant ? Term.Of((int)t.Constant) : t,
            (ElementType.Int32 or ElementType.Bool, ElementType.Int64) => t => t,
            (ElementType.Int64 or ElementType.Int32, ElementType.Bool) => t => Constant(t, n => Term.Of(n == 0 ? 0 : 1)),
            (ElementType.Int64 or ElementType.Int32 or ElementType.Bool, ElementType.Float32) => t => Constant(t, n => Arithmetic.Bits(n)),
            (ElementType.Float32, ElementType.Int64 or ElementType.Int32) => Truncate,
            _ => null,
        };
        return convert is null ? null : new PartialTensor((ElementType)to, x.Shape, Array.ConvertAll(x.Terms, t => convert(t)));
    }

    private static Term Constant(Term t, Func<long, Term> convert) => t.IsConstant ? convert(t.Constant) : Term.Unknown;

    // Beyond 2^31 the result depends on the machine; such numbers are left alone.
    private static Term Truncate(Term t) =>
        t.IsConstant && MathF.Abs(Arithmetic.Real(t)) < int.MaxValue / 2 ? Term.Of((long)Arithmetic.Real(t)) : Term.Unknown;
}

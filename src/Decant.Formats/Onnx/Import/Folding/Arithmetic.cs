using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Element-wise operators on integers known in part, and on 32-bit floats that are known.</summary>
internal static class Arithmetic
{
    public static PartialTensor? Unary(FoldContext c, Func<Term, Term> integer, Func<float, float> real) =>
        c.Input(0) switch
        {
            { IsInteger: true } x => Wrapped(x.Type, x.Shape, Array.ConvertAll(x.Terms, t => integer(t))),
            { Type: ElementType.Float32, IsConstant: true } x => x with
            {
                Terms = Array.ConvertAll(x.Terms, t => Bits(real(Real(t)))),
            },
            _ => null,
        };

    public static PartialTensor? Binary(FoldContext c, Func<Term, Term, Term> integer, Func<float, float, float> real)
    {
        if (Pair(c, 0, 1) is not var (a, b, shape) || a.Type != b.Type)
            return null;
        if (a.IsInteger)
            return Wrapped(a.Type, shape, Zip(a, b, shape, integer));
        return a.Type == ElementType.Float32 && a.IsConstant && b.IsConstant
            ? new PartialTensor(a.Type, shape, Zip(a, b, shape, (x, y) => Bits(real(Real(x), Real(y)))))
            : null;
    }

    public static PartialTensor? Compare(FoldContext c, Func<long, long, bool> holds) =>
        Pair(c, 0, 1) is var (a, b, shape) && a.IsInteger && b.Type == a.Type
            ? new PartialTensor(ElementType.Bool, shape, Zip(a, b, shape, (x, y) => Compare(x, y, holds)))
            : null;

    public static PartialTensor? Logical(FoldContext c, Func<long, long, long> integer) =>
        Pair(c, 0, 1) is var (a, b, shape) && a.Type == ElementType.Bool && b.Type == ElementType.Bool
            ? new PartialTensor(
                ElementType.Bool,
                shape,
                Zip(a, b, shape, (x, y) => Known(x, y) ? Term.Of(integer(x.Constant, y.Constant)) : Term.Unknown)
            )
            : null;

    public static PartialTensor? Not(FoldContext c) =>
        c.Input(0) is { Type: ElementType.Bool } x
            ? x with
            {
                Terms = Array.ConvertAll(x.Terms, t => t.IsConstant ? Term.Of(1 - t.Constant) : Term.Unknown),
            }
            : null;

    public static PartialTensor? Where(FoldContext c)
    {
        if (
            c.Input(0) is not { Type: ElementType.Bool } condition
            || Pair(c, 1, 2) is not var (x, y, inner)
            || x.Type != y.Type
        )
            return null;
        Shape shape = Shape.Broadcast(condition.Shape, inner);
        if (!c.Affords(shape))
            return null;
        var (ci, xi, yi) = (
            Index.Broadcast(condition.Shape, shape),
            Index.Broadcast(x.Shape, shape),
            Index.Broadcast(y.Shape, shape)
        );
        var terms = new Term[ci.Length];
        for (int i = 0; i < terms.Length; i++)
            terms[i] = Choose(condition.Terms[ci[i]], x.Terms[xi[i]], y.Terms[yi[i]]);
        return new PartialTensor(x.Type, shape, terms);
    }

    /// <summary>Integers as their type holds them.</summary>
    public static PartialTensor Wrapped(ElementType type, Shape shape, Term[] terms) =>
        new(
            type,
            shape,
            type == ElementType.Int32
                ? Array.ConvertAll(terms, t => t.IsConstant ? Term.Of((int)t.Constant) : t)
                : terms
        );

    /// <summary>The float whose bits a term holds.</summary>
    public static float Real(Term term) => BitConverter.Int32BitsToSingle((int)term.Constant);

    /// <summary>A float's bits.</summary>
    public static Term Bits(float value) => Term.Of(BitConverter.SingleToInt32Bits(value));

    private static (PartialTensor A, PartialTensor B, Shape Shape)? Pair(FoldContext c, int first, int second)
    {
        if (c.Node.Inputs.Length > 3 || c.Input(first) is not { } a || c.Input(second) is not { } b)
            return null;
        Shape shape = Shape.Broadcast(a.Shape, b.Shape);
        return c.Affords(shape) ? (a, b, shape) : null;
    }

    private static Term[] Zip(PartialTensor a, PartialTensor b, Shape shape, Func<Term, Term, Term> combine)
    {
        var (ai, bi) = (Index.Broadcast(a.Shape, shape), Index.Broadcast(b.Shape, shape));
        var terms = new Term[ai.Length];
        for (int i = 0; i < terms.Length; i++)
            terms[i] = combine(a.Terms[ai[i]], b.Terms[bi[i]]);
        return terms;
    }

    private static bool Known(Term a, Term b) => a.IsConstant && b.IsConstant;

    private static Term Compare(Term a, Term b, Func<long, long, bool> holds)
    {
        Term difference = a - b;
        if (Known(a, b))
            return Term.Of(holds(a.Constant, b.Constant) ? 1 : 0);
        if (difference.IsConstant)
            return Term.Of(holds(difference.Constant, 0) ? 1 : 0);
        // An extent is 0 or more, so that it differs from every negative number.
        bool apart =
            (a is { Constant: >= 0, Factor: > 0 } && b is { IsConstant: true, Constant: < 0 })
            || (b is { Constant: >= 0, Factor: > 0 } && a is { IsConstant: true, Constant: < 0 });
        return apart
            ? Term.Of(holds(a.IsConstant ? a.Constant : 0, b.IsConstant ? b.Constant : 0) ? 1 : 0)
            : Term.Unknown;
    }

    private static Term Choose(Term condition, Term x, Term y) =>
        condition.IsConstant
            ? condition.Constant != 0
                ? x
                : y
            : x == y
                ? x
                : Term.Unknown;
}

/// <summary>Conversion of elements between integers, bools and 32-bit floats.</summary>
internal static class Casting
{
    public static PartialTensor? Cast(FoldContext c)
    {
        if (c.Input(0) is not { } x || c.Attributes.Int("to") is not (>= 0 and <= 22 and var to))
            return null;
        Func<Term, Term>? convert = (x.Type, (ElementType)to) switch
        {
            var (a, b) when a == b => t => t,
            (ElementType.Int64 or ElementType.Bool, ElementType.Int32) => t =>
                t.IsConstant ? Term.Of((int)t.Constant) : t,
            (ElementType.Int32 or ElementType.Bool, ElementType.Int64) => t => t,
            (ElementType.Int64 or ElementType.Int32, ElementType.Bool) => t =>
                Constant(t, n => Term.Of(n == 0 ? 0 : 1)),
            (ElementType.Int64 or ElementType.Int32 or ElementType.Bool, ElementType.Float32) => t =>
                Constant(t, n => Arithmetic.Bits(n)),
            (ElementType.Float32, ElementType.Int64 or ElementType.Int32) => Truncate,
            _ => null,
        };
        return convert is null
            ? null
            : new PartialTensor((ElementType)to, x.Shape, Array.ConvertAll(x.Terms, t => convert(t)));
    }

    private static Term Constant(Term t, Func<long, Term> convert) => t.IsConstant ? convert(t.Constant) : Term.Unknown;

    // Beyond 2^31 the result depends on the machine; such numbers are left alone.
    private static Term Truncate(Term t) =>
        t.IsConstant && MathF.Abs(Arithmetic.Real(t)) < int.MaxValue / 2
            ? Term.Of((long)Arithmetic.Real(t))
            : Term.Unknown;
}

/// <summary>Sums and products over all of a vector of integers.</summary>
internal static class Reduction
{
    public static PartialTensor? Fold(FoldContext c, Term seed, Func<Term, Term, Term> combine)
    {
        if (c.Input(0) is not { IsInteger: true, Shape.Rank: 1 } x)
            return null;
        if (c.Has(1) && c.Integers(1) is not ([] or [0] or [-1]))
            return null;
        if (c.Attributes.Flag("noop_with_empty_axes") && c.Integers(1) is not [_])
            return null;
        Shape shape = c.Attributes.Flag("keepdims", true) ? new Shape(1) : Shape.Scalar;
        return Arithmetic.Wrapped(x.Type, shape, [x.Terms.Aggregate(seed, combine)]);
    }
}

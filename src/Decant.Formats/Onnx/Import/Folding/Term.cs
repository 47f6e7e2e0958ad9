namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>
/// A number known in part: Constant + Factor·s, where s is an extent that is known only when the network runs. Arithmetic that
/// leaves this form gives <see cref="Unknown"/>. Other element types are carried as their bits in <see cref="Constant"/>.
/// </summary>
/// <param name="Constant">What does not depend on a symbol.</param>
/// <param name="Factor">How often the symbol counts; 0 for a constant.</param>
/// <param name="Symbol">Which symbol; -1 for a constant.</param>
internal readonly record struct Term(long Constant, long Factor, int Symbol)
{
    private const int None = -1, Nothing = -2;

    /// <summary>A number of which nothing is known.</summary>
    public static Term Unknown { get; } = new(0, 0, Nothing);

    public bool IsConstant => Symbol == None;

    public bool IsUnknown => Symbol == Nothing;

    /// <summary>A number that is known.</summary>
    public static Term Of(long value) => new(value, 0, None);

    /// <summary>A symbol itself.</summary>
    public static Term OfSymbol(int symbol) => new(0, 1, symbol);

    /// <summary>A sum of a number and a multiple of a symbol.</summary>
    public static Term Affine(long constant, long factor, int symbol) => factor == 0 ? Of(constant) : new(constant, factor, symbol);

    public static Term operator +(Term a, Term b) => a.IsUnknown || b.IsUnknown || (a.Symbol != b.Symbol && !a.IsConstant && !b.IsConstant)
        ? Unknown
        : Affine(a.Constant + b.Constant, a.Factor + b.Factor, Math.Max(a.Symbol, b.Symbol));

    public static Term operator -(Term a) => a.IsUnknown ? a : Affine(-a.Constant, -a.Factor, a.Symbol);

    public static Term operator -(Term a, Term b) => a + -b;

    public static Term operator *(Term a, Term b) => (a.IsConstant, b.IsConstant) switch
    {
        (_, true) => a.IsUnknown ? a : Affine(a.Constant * b.Constant, a.Factor * b.Constant, a.Symbol),
        (true, false) => b * a,
        _ => Unknown,
    };

    /// <summary>The quotient, truncated as ONNX divides integers; unknown unless both are constants or it comes out even.</summary>
    public static Term operator /(Term a, Term b)
    {
        if (a.IsUnknown || !b.IsConstant || b.Constant == 0) return a == b && !a.IsUnknown && !a.IsConstant ? Of(1) : Unknown;
        if (b.Constant == -1) return -a;
        if (a.IsConstant) return Of(a.Constant / b.Constant);
        return a.Constant % b.Constant == 0 && a.Factor % b.Constant == 0
            ? Affine(a.Constant / b.Constant, a.Factor / b.Constant, a.Symbol)
            : Unknown;
    }

    /// <summary>The smaller of two constants.</summary>
    public static Term Min(Term a, Term b) => a == b ? a : a.IsConstant && b.IsConstant ? Of(Math.Min(a.Constant, b.Constant)) : Unknown;

    /// <summary>The greater of two constants.</summary>
    public static Term Max(Term a, Term b) => a == b ? a : a.IsConstant && b.IsConstant ? Of(Math.Max(a.Constant, b.Constant)) : Unknown;

    /// <summary>A constant without its sign.</summary>
    public static Term Abs(Term a) => a.IsConstant ? Of(a.Constant < 0 ? -a.Constant : a.Constant) : Unknown;

    /// <summary>The number where each symbol has a value; null if unknown.</summary>
    public long? At(ReadOnlySpan<int> symbols) => IsUnknown ? null : IsConstant ? Constant : Constant + Factor * symbols[Symbol];
}

using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>
/// The extents of the graph's inputs that are known only when the network runs. What depends on them is found by
/// running the operators' shape rules at a few values of each, and fitting.
/// </summary>
internal sealed class Symbols
{
    /// <summary>
    /// Sets of values at which shape rules run. No symbol's values are a whole multiple of another's plus a constant.
    /// The last set is of small ones, at which what is cut off at a number, such as the first five of a batch, shows
    /// that it is not constant.
    /// </summary>
    private static readonly int[][] Samples =
    [
        [13, 17, 19, 31],
        [29, 37, 43, 53],
        [59, 61, 73, 97],
        [1, 2, 4, 3],
    ];

    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);

    /// <summary>How many symbols there are.</summary>
    public int Count => byName.Count;

    /// <summary>The set of small values, at which a rule may fail: a window, say, needs more.</summary>
    public static int Small => Samples.Length - 1;

    /// <summary>At how many sets of values rules have to run: one if there is no symbol.</summary>
    public int SampleCount => Count == 0 ? 1 : Samples.Length;

    /// <summary>The extents of an input.</summary>
    public Term[]? Extents(GraphValue input) =>
        input.Shape is not { } shape
            ? null
            :
            [
                .. shape.Dims.Select(
                    (d, i) =>
                        d >= 0
                            ? Term.Of(d)
                            : Symbol(input.Symbols[i] is { Length: > 0 } name ? name : $"{i} {input.Name}")
                ),
            ];

    /// <summary>The values of all symbols at a sample.</summary>
    public static ReadOnlySpan<int> Values(int sample) => Samples[sample];

    /// <summary>The shape at a sample, unknown extents left unknown.</summary>
    public static Shape? At(Term[]? extents, int sample)
    {
        if (extents is null)
            return null;
        var dims = new int[extents.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = extents[i].At(Samples[sample]) is { } d and >= 0 and <= int.MaxValue ? (int)d : Shape.Unknown;
        return new Shape(dims);
    }

    /// <summary>The shape with every extent that is no constant left unknown.</summary>
    public static Shape? Open(Term[]? extents) =>
        extents is null
            ? null
            : new Shape([
                .. extents.Select(e =>
                    e is { IsConstant: true, Constant: >= 0 and <= int.MaxValue } ? (int)e.Constant : Shape.Unknown
                ),
            ]);

    /// <summary>The extents that have these shapes at the samples; unknown where none fits.</summary>
    public Term[]? Fit(IReadOnlyList<Shape?> shapes)
    {
        if (shapes.Any(s => s is null || s.Value.Rank != shapes[0]!.Value.Rank))
            return null;
        var result = new Term[shapes[0]!.Value.Rank];
        for (int axis = 0; axis < result.Length; axis++)
            result[axis] = Fit([.. shapes.Select(s => s!.Value[axis])]);
        return result;
    }

    private Term Fit(ReadOnlySpan<int> values)
    {
        if (values.Contains(Shape.Unknown))
            return Term.Unknown;
        if (!values.ContainsAnyExcept(values[0]))
            return Term.Of(values[0]);
        for (int symbol = 0; symbol < Count; symbol++)
            if (Line(symbol, values) is { } term)
                return term;
        return Term.Unknown;
    }

    private static Term? Line(int symbol, ReadOnlySpan<int> values)
    {
        int x0 = Samples[0][symbol],
            x1 = Samples[1][symbol];
        long rise = (long)values[1] - values[0],
            factor = rise / (x1 - x0);
        Term line = Term.Affine(values[0] - factor * x0, factor, symbol);
        for (int i = 1; i < values.Length; i++)
            if (line.At(Samples[i]) != values[i])
                return null;
        return line;
    }

    // More symbols than there are samples for are not followed: nothing is folded that depends on them.
    private Term Symbol(string name)
    {
        if (!byName.TryGetValue(name, out int symbol))
        {
            if (byName.Count == Samples[0].Length)
                return Term.Unknown;
            byName.Add(name, symbol = byName.Count);
        }
        return Term.OfSymbol(symbol);
    }
}

/// <summary>
/// A number known in part: Constant + Factor·s, where s is an extent that is known only when the network runs.
/// Arithmetic that leaves this form gives <see cref="Unknown"/>. Other element types are carried as their bits in
/// <see cref="Constant"/>.
/// </summary>
/// <param name="Constant">What does not depend on a symbol.</param>
/// <param name="Factor">How often the symbol counts; 0 for a constant.</param>
/// <param name="Symbol">Which symbol; -1 for a constant.</param>
internal readonly record struct Term(long Constant, long Factor, int Symbol)
{
    private const int None = -1,
        Nothing = -2;

    /// <summary>A number of which nothing is known.</summary>
    public static Term Unknown { get; } = new(0, 0, Nothing);

    public bool IsConstant => Symbol == None;

    public bool IsUnknown => Symbol == Nothing;

    /// <summary>A number that is known.</summary>
    public static Term Of(long value) => new(value, 0, None);

    /// <summary>A symbol itself.</summary>
    public static Term OfSymbol(int symbol) => new(0, 1, symbol);

    /// <summary>A sum of a number and a multiple of a symbol.</summary>
    public static Term Affine(long constant, long factor, int symbol) =>
        factor == 0 ? Of(constant) : new(constant, factor, symbol);

    public static Term operator +(Term a, Term b) =>
        a.IsUnknown || b.IsUnknown || (a.Symbol != b.Symbol && !a.IsConstant && !b.IsConstant)
            ? Unknown
            : Affine(a.Constant + b.Constant, a.Factor + b.Factor, Math.Max(a.Symbol, b.Symbol));

    public static Term operator -(Term a) => a.IsUnknown ? a : Affine(-a.Constant, -a.Factor, a.Symbol);

    public static Term operator -(Term a, Term b) => a + -b;

    public static Term operator *(Term a, Term b) =>
        (a.IsConstant, b.IsConstant) switch
        {
            (_, true) => a.IsUnknown ? a : Affine(a.Constant * b.Constant, a.Factor * b.Constant, a.Symbol),
            (true, false) => b * a,
            _ => Unknown,
        };

    /// <summary>
    /// The quotient, truncated as ONNX divides integers; unknown unless both are constants or it comes out even.
    /// </summary>
    public static Term operator /(Term a, Term b)
    {
        if (a.IsUnknown || !b.IsConstant || b.Constant == 0)
            return a == b && !a.IsUnknown && !a.IsConstant ? Of(1) : Unknown;
        if (b.Constant == -1)
            return -a;
        if (a.IsConstant)
            return Of(a.Constant / b.Constant);
        return a.Constant % b.Constant == 0 && a.Factor % b.Constant == 0
            ? Affine(a.Constant / b.Constant, a.Factor / b.Constant, a.Symbol)
            : Unknown;
    }

    /// <summary>The smaller of two constants.</summary>
    public static Term Min(Term a, Term b) =>
        a == b ? a
        : a.IsConstant && b.IsConstant ? Of(Math.Min(a.Constant, b.Constant))
        : Unknown;

    /// <summary>The greater of two constants.</summary>
    public static Term Max(Term a, Term b) =>
        a == b ? a
        : a.IsConstant && b.IsConstant ? Of(Math.Max(a.Constant, b.Constant))
        : Unknown;

    /// <summary>A constant without its sign.</summary>
    public static Term Abs(Term a) => a.IsConstant ? Of(a.Constant < 0 ? -a.Constant : a.Constant) : Unknown;

    /// <summary>The number where each symbol has a value; null if unknown.</summary>
    public long? At(ReadOnlySpan<int> symbols) =>
        IsUnknown ? null
        : IsConstant ? Constant
        : Constant + Factor * symbols[Symbol];
}

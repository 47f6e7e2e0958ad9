using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Every way to choose a range: one line each.</summary>
public static class RangeRules
{
    /// <summary>The names, the plainest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["min-max", "average", "deviation", "gauss", "laplace", "percentile", "kl", "mse"];

    /// <summary>Reads a rule and its number from a recipe: 'range', and 'deviations' or 'percent'.</summary>
    /// <param name="options">The options.</param>
    /// <param name="otherwise">The rule where none is given.</param>
    /// <exception cref="DecantException">There is no such rule, or its number is out of range.</exception>
    public static RangeRule Read(TechniqueOptions options, string otherwise)
    {
        string name = options.Word("range", [otherwise, .. Names.Where(n => n != otherwise)]);
        return name switch
        {
            "average" => new AverageRange(),
            "deviation" => new DeviationRange(options.Number("deviations", 0.1, 100, 3)),
            "gauss" => new GaussRange(),
            "laplace" => new LaplaceRange(),
            "percentile" => new PercentileRange(options.Number("percent", 50, 100, 99.99)),
            "kl" => new KlRange(),
            "mse" => new MseRange(),
            _ => new MinMaxRange(),
        };
    }
}

using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>Chooses what a grid covers: a narrow range has fine steps and clips more.</summary>
public abstract class RangeRule
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>The range for values of these statistics; never wider than they are.</summary>
    /// <param name="values">How the values are spread.</param>
    /// <param name="bits">Bits of the grid.</param>
    /// <param name="scheme">Where its codes lie.</param>
    public ValueRange Find(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        ValueRange found = Choose(values, bits, scheme),
            all = values.Range;
        return new ValueRange(Math.Max(found.Low, all.Low), Math.Min(found.High, all.High));
    }

    /// <summary>The range, which may be wider than the values.</summary>
    protected abstract ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme);
}

/// <summary>Every way to choose a range: one line each.</summary>
public static class RangeRules
{
    /// <summary>The names, the plainest first.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["min-max", "average", "deviation", "gauss", "laplace", "percentile", "kl", "mse"];

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

/// <summary>
/// The means over images of the least and the greatest value, so that one outlying image counts for little.
/// </summary>
internal sealed class AverageRange : RangeRule
{
    public override string Name => "average";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) =>
        new(values.AverageLow, values.AverageHigh);
}

/// <summary>So many standard deviations about the mean.</summary>
internal sealed class DeviationRange(double count) : RangeRule
{
    public override string Name => "deviation";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) =>
        new(values.Mean - count * values.Deviation, values.Mean + count * values.Deviation);
}

/// <summary>From the least to the greatest value: nothing is clipped.</summary>
internal sealed class MinMaxRange : RangeRule
{
    public override string Name => "min-max";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) => values.Range;
}

/// <summary>
/// The range that keeps a share of the values, as many clipped below as above; of values without sign all above.
/// </summary>
/// <param name="percent">How many percent are kept.</param>
internal sealed class PercentileRange(double percent) : RangeRule
{
    public override string Name => "percentile";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        bool half = values.Low >= 0;
        double outside = (1 - percent / 100) * values.Count / (half ? 1 : 2);
        // The ends of the bulk hold outliers; where too many lie there to be left out, the coarse histogram decides.
        return values.Bulk is { } bulk && bulk.Counts[0] <= outside && bulk.Counts[^1] <= outside
            ? Choose(bulk, outside, half ? values.Low : null)
            : Choose(values.Histogram, outside, half ? values.Low : null);
    }

    private static ValueRange Choose(ValueHistogram histogram, double outside, double? least)
    {
        ReadOnlySpan<long> counts = histogram.Counts;
        int low = 0,
            high = ValueHistogram.Bins - 1;
        double below = counts[low],
            above = counts[high];
        while (low < high && below <= outside)
            below += counts[++low];
        while (high > low && above <= outside)
            above += counts[--high];
        double width = histogram.Width / 2;
        return new ValueRange(least ?? histogram.Middle(low) - width, histogram.Middle(high) + width);
    }
}

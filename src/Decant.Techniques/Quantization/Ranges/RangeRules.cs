using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>Chooses what a grid covers: a narrow range has fine steps and clips more.</summary>
public abstract record RangeRule : NamedOptions
{
    /// <summary>Those that come with Decant, the plainest first.</summary>
    public static IReadOnlyList<RangeRule> Shipped { get; } =
    [
        new MinMaxRange(),
        new AverageRange(),
        new DeviationRange(),
        new GaussRange(),
        new LaplaceRange(),
        new PercentileRange(),
        new KlRange(),
        new MseRange(),
    ];

    /// <summary>Reads a rule of <see cref="Shipped"/> by its name.</summary>
    /// <exception cref="OptionsException">There is none of that name.</exception>
    public static RangeRule Parse(string text) => NamedText.Parse(text, Shipped);

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

    /// <summary>The grid for few values, by themselves rather than by how they are spread.</summary>
    /// <param name="values">The values.</param>
    /// <param name="gridOf">The grid of a range.</param>
    internal virtual LinearGrid FindGrid(ReadOnlySpan<float> values, Func<ValueRange, LinearGrid> gridOf) =>
        throw new NotSupportedException($"ranges by '{Name}' are chosen by statistics of many values");

    /// <summary>The least and the greatest of values; 0 to 0 where there are none.</summary>
    private protected static ValueRange Whole(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return default;
        float low = values[0],
            high = low;
        foreach (float v in values)
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return new ValueRange(low, high);
    }

    /// <summary>The range, which may be wider than the values.</summary>
    protected abstract ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme);
}

/// <summary>
/// The means over images of the least and the greatest value, so that one outlying image counts for little.
/// </summary>
public sealed record AverageRange : RangeRule
{
    /// <inheritdoc/>
    public override string Name => "average";

    /// <inheritdoc/>
    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) =>
        new(values.AverageLow, values.AverageHigh);
}

/// <summary>So many standard deviations about the mean.</summary>
public sealed record DeviationRange : RangeRule
{
    /// <summary>How many standard deviations to each side.</summary>
    [OptionRange(0.1, 100)]
    public double Deviations { get; init; } = 3;

    /// <inheritdoc/>
    public override string Name => "deviation";

    /// <inheritdoc/>
    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) =>
        new(values.Mean - Deviations * values.Deviation, values.Mean + Deviations * values.Deviation);
}

/// <summary>From the least to the greatest value: nothing is clipped.</summary>
public sealed record MinMaxRange : RangeRule
{
    /// <inheritdoc/>
    public override string Name => "min-max";

    /// <inheritdoc/>
    internal override LinearGrid FindGrid(ReadOnlySpan<float> values, Func<ValueRange, LinearGrid> gridOf) =>
        gridOf(Whole(values));

    /// <inheritdoc/>
    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) => values.Range;
}

/// <summary>
/// The range that keeps a share of the values, as many clipped below as above; of values without sign all above.
/// </summary>
public sealed record PercentileRange : RangeRule
{
    /// <summary>How many percent are kept.</summary>
    [OptionRange(50, 100)]
    public double Percent { get; init; } = 99.99;

    /// <inheritdoc/>
    public override string Name => "percentile";

    /// <inheritdoc/>
    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        bool half = values.Low >= 0;
        double outside = (1 - Percent / 100) * values.Count / (half ? 1 : 2);
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

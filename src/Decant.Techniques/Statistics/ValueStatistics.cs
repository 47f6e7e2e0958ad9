using Decant.Core;

namespace Decant.Techniques.Statistics;

/// <summary>What ranges are chosen by: how the values of one layer, or of one filter, are spread.</summary>
/// <param name="Shape">The shape of one image's values, the batch apart.</param>
/// <param name="Count">How many values were seen.</param>
/// <param name="Low">The least.</param>
/// <param name="High">The greatest.</param>
/// <param name="AverageLow">The mean over images of the least.</param>
/// <param name="AverageHigh">The mean over images of the greatest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation.</param>
/// <param name="Laplace">b of the Laplace distribution: the mean of |x − mean|.</param>
/// <param name="Histogram">How often which values came.</param>
public sealed record ValueStatistics(
    Shape Shape,
    long Count,
    double Low,
    double High,
    double AverageLow,
    double AverageHigh,
    double Mean,
    double Deviation,
    double Laplace,
    ValueHistogram Histogram
)
{
    /// <summary>
    /// Where outliers, one value in 10,000 or fewer, make <see cref="Histogram"/> too coarse to tell the others apart:
    /// the values up to twice the magnitude of the others. Those beyond count in its first and last bin. Null where
    /// there are no such outliers.
    /// </summary>
    public ValueHistogram? Bulk { get; init; }

    /// <summary>The least and the greatest.</summary>
    public ValueRange Range => new(Low, High);

    /// <summary>Statistics of numbers at hand.</summary>
    /// <exception cref="ModelException">One is not finite.</exception>
    public static ValueStatistics Of(ReadOnlySpan<float> values)
    {
        var collector = new StatisticsCollector(new Shape(values.Length));
        collector.Add(values);
        return collector.ToStatistics();
    }
}

/// <summary>What a grid should cover; what lies outside is clipped.</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>The greater of the two magnitudes.</summary>
    public double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The range with 0 in it, which every grid represents.</summary>
    public ValueRange WithZero => new(Math.Min(Low, 0), Math.Max(High, 0));

    /// <summary>Both ends times a factor.</summary>
    public ValueRange Times(double factor) => new(Low * factor, High * factor);
}

/// <summary>
/// How often values fall into bins of one width, that has no need to know their range before: bins lie about 0, and
/// when a value falls outside the width doubles. Memory does not grow.
/// </summary>
public sealed class ValueHistogram
{
    /// <summary>How many bins there are.</summary>
    public const int Bins = 4096;

    private const int Half = Bins / 2;

    private readonly long[] counts;

    /// <summary>An empty histogram.</summary>
    public ValueHistogram()
        : this(0, new long[Bins]) { }

    /// <summary>A histogram as it was.</summary>
    /// <param name="width">The width of a bin; 0 if it has seen nothing but zeros.</param>
    /// <param name="counts"><see cref="Bins"/> counts, the middle ones beside 0; not copied.</param>
    public ValueHistogram(double width, long[] counts)
    {
        if (counts.Length != Bins)
            throw new ArgumentException($"{counts.Length} counts; {Bins} are needed", nameof(counts));
        (Width, this.counts) = (width, counts);
    }

    /// <summary>The width of a bin; 0 before a value other than 0 came.</summary>
    public double Width { get; private set; }

    /// <summary>Counts from the lowest bin on; bin i holds values from (i − 2048)·width.</summary>
    public ReadOnlySpan<long> Counts => counts;

    /// <summary>The middle of a bin.</summary>
    public double Middle(int bin) => (bin - Half + 0.5) * Width;

    /// <summary>The bin in which a value lies; the last one for values beyond.</summary>
    public int BinOf(double value) =>
        Width == 0 ? Half : (int)Math.Clamp(Math.Floor(value / Width) + Half, 0, Bins - 1);

    /// <summary>Counts finite values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        float most = 0;
        foreach (float v in values)
            most = Math.Max(most, Math.Abs(v));
        Widen(most);
        double perWidth = Width > 0 ? 1 / Width : 0;
        foreach (float v in values)
            counts[Math.Clamp((int)Math.Floor(v * perWidth) + Half, 0, Bins - 1)]++;
    }

    private void Widen(double most)
    {
        if (most == 0)
            return;
        if (Width == 0)
        {
            Width = most / Half;
            return;
        }
        while (most > Width * Half)
        {
            Merge();
            Width *= 2;
        }
    }

    private void Merge()
    {
        var merged = new long[Bins];
        for (int i = 0; i < Bins; i++)
            merged[Half + (int)Math.Floor((i - Half) / 2.0)] += counts[i];
        merged.CopyTo(counts, 0);
    }
}

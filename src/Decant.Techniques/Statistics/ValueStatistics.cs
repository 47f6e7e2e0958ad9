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
    Shape Shape, long Count, double Low, double High, double AverageLow, double AverageHigh, double Mean, double Deviation, double Laplace, ValueHistogram Histogram)
{
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

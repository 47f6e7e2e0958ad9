using Decant.Core;

namespace Decant.Techniques.Statistics;

/// <summary>Gathers statistics of values that come image by image; its memory does not grow.</summary>
/// <param name="shape">The shape of one image's values.</param>
public sealed class StatisticsCollector(Shape shape)
{
    // Where most values lie within this many bins about 0, outliers have made the histogram too coarse for them.
    private const int FewBins = 128;
    private const double OutlierShare = 1e-4;

    private readonly ValueHistogram histogram = new();
    private readonly MagnitudeHistogram magnitudes = new();
    private long count,
        images;
    private double low = double.PositiveInfinity,
        high = double.NegativeInfinity,
        lows,
        highs,
        mean,
        squares;

    /// <summary>Adds the values of one image.</summary>
    /// <exception cref="ModelException">One is not finite.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            return;
        float least = float.PositiveInfinity,
            most = float.NegativeInfinity;
        double sum = 0;
        foreach (float v in values)
        {
            if (!float.IsFinite(v))
                throw new ModelException($"{v} is among the values; only finite values can be quantized");
            least = Math.Min(least, v);
            most = Math.Max(most, v);
            sum += v;
        }
        (low, high, lows, highs) = (Math.Min(low, least), Math.Max(high, most), lows + least, highs + most);
        Join(values, sum / values.Length);
        histogram.Add(values);
        magnitudes.Add(values);
        images++;
    }

    /// <summary>The statistics so far.</summary>
    /// <exception cref="ModelException">Nothing came.</exception>
    public ValueStatistics ToStatistics() =>
        count == 0
            ? throw new ModelException("there are no values to take statistics of")
            : new ValueStatistics(
                shape,
                count,
                low,
                high,
                lows / images,
                highs / images,
                mean,
                Math.Sqrt(squares / count),
                Laplace(),
                histogram
            )
            {
                Bulk = Bulk(),
            };

    /// <summary>Joins means and sums of squares (Chan, Golub, LeVeque 1979).</summary>
    private void Join(ReadOnlySpan<float> values, double theirs)
    {
        double off = 0;
        foreach (float v in values)
            off += (v - theirs) * (v - theirs);
        double all = count + values.Length,
            between = theirs - mean;
        squares += off + between * between * count * values.Length / all;
        mean += between * values.Length / all;
        count += values.Length;
    }

    private ValueHistogram? Bulk()
    {
        double magnitude = magnitudes.MagnitudeExceededBy(OutlierShare);
        return magnitude > 0 && magnitude < FewBins * histogram.Width ? magnitudes.Within(2 * magnitude) : null;
    }

    /// <summary>The mean of |x − mean|, by the histogram: the mean is known only at the end.</summary>
    private double Laplace()
    {
        double sum = 0;
        for (int i = 0; i < ValueHistogram.Bins; i++)
            if (histogram.Counts[i] > 0)
                sum += histogram.Counts[i] * Math.Abs(histogram.Middle(i) - mean);
        return sum / count;
    }
}

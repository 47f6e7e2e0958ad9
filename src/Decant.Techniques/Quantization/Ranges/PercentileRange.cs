using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>The range that keeps a share of the values, as many clipped below as above; of values without sign all above.</summary>
/// <param name="percent">How many percent are kept.</param>
internal sealed class PercentileRange(double percent) : RangeRule
{
    public override string Name => "percentile";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        bool half = values.Low >= 0;
        double outside = (1 - percent / 100) * values.Count / (half ? 1 : 2);
        ReadOnlySpan<long> counts = values.Histogram.Counts;
        int low = 0, high = ValueHistogram.Bins - 1;
        double below = counts[low], above = counts[high];
        while (low < high && below <= outside) below += counts[++low];
        while (high > low && above <= outside) above += counts[--high];
        double width = values.Histogram.Width / 2;
        return new ValueRange(half ? values.Low : values.Histogram.Middle(low) - width, values.Histogram.Middle(high) + width);
    }
}

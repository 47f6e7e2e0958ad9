using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>The range, a share of the whole one, whose grid leaves the least squared error, by the histogram.</summary>
internal sealed class MseRange() : SearchedRange(100)
{
    public override string Name => "mse";

    protected override double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid)
    {
        double error = 0;
        ReadOnlySpan<long> counts = histogram.Counts;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            double value = histogram.Middle(i), off = value - grid.Quantize((float)value);
            error += counts[i] * off * off;
        }
        return error;
    }
}

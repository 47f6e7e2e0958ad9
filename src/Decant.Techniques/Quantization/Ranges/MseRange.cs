namespace Decant.Techniques.Quantization;

/// <summary>The range, a share of the whole one, whose grid leaves the least squared error, by the histogram.</summary>
internal sealed class MseRange : RangeRule
{
    private const int Shares = 100;
    private const double LeastShare = 0.1;

    public override string Name => "mse";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        ValueRange best = values.Range;
        double least = double.PositiveInfinity;
        for (int i = 0; i < Shares; i++)
        {
            ValueRange range = values.Range.Times(1 - (1 - LeastShare) * i / Shares);
            double error = ErrorOf(values.Histogram, LinearGrid.Of(range, bits, scheme));
            if (error < least) (least, best) = (error, range);
        }
        return best;
    }

    private static double ErrorOf(ValueHistogram histogram, LinearGrid grid)
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

using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>The range, a share of the whole one, whose grid costs least by the histogram; the widest of equal ones.</summary>
/// <param name="shares">How many shares are tried, from all down to a tenth.</param>
internal abstract class SearchedRange(int shares) : RangeRule
{
    private const double LeastShare = 0.1;

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        ValueRange best = values.Range;
        double least = double.PositiveInfinity;
        for (int i = 0; i < shares; i++)
        {
            ValueRange range = values.Range.Times(1 - (1 - LeastShare) * i / shares);
            double cost = CostOf(values.Histogram, range, LinearGrid.Of(range, bits, scheme));
            if (cost < least) (least, best) = (cost, range);
        }
        return best;
    }

    /// <summary>What a grid costs.</summary>
    protected abstract double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid);
}

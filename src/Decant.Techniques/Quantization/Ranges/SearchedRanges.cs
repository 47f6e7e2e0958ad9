using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// The range, a share of the whole one, whose grid costs least by the histogram; the widest of equal ones.
/// </summary>
public abstract record SearchedRange : RangeRule
{
    private const double LeastShare = 0.1;

    /// <summary>How many shares are tried, from all down to a tenth.</summary>
    private protected abstract int Shares { get; }

    /// <inheritdoc/>
    protected sealed override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        ValueHistogram histogram = HistogramOf(values);
        ValueRange best = values.Range;
        double least = double.PositiveInfinity;
        for (int i = 0; i < Shares; i++)
        {
            double share = 1 - (1 - LeastShare) * i / Shares;
            ValueRange range = histogram == values.Histogram ? values.Range.Times(share) : Clipped(share);
            double cost = CostOf(histogram, range, LinearGrid.Of(range, bits, scheme));
            if (cost < least)
                (least, best) = (cost, range);
        }
        return best;

        // An outlier on one side must not narrow the other.
        ValueRange Clipped(double share)
        {
            double end = share * histogram.Width * ValueHistogram.Bins / 2;
            return new ValueRange(Math.Max(values.Low, -end), Math.Min(values.High, end));
        }
    }

    /// <summary>The histogram by which ranges are compared; none wider than it is tried.</summary>
    protected virtual ValueHistogram HistogramOf(ValueStatistics values) => values.Histogram;

    /// <summary>What a grid costs.</summary>
    private protected abstract double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid);
}

/// <summary>The range, a share of the whole one, whose grid leaves the least squared error, by the histogram.</summary>
public sealed record MseRange : SearchedRange
{
    /// <inheritdoc/>
    public override string Name => "mse";

    private protected override int Shares => 100;

    /// <summary>
    /// The grid of least squared error among those of ranges from a tenth of the whole one to a little more than it.
    /// </summary>
    internal override LinearGrid FindGrid(ReadOnlySpan<float> values, Func<ValueRange, LinearGrid> gridOf)
    {
        const double Most = 1.25,
            Least = 0.1;
        ValueRange whole = Whole(values);
        LinearGrid best = gridOf(whole.Times(Most)),
            last = best;
        double least = ErrorOf(values, best);
        for (int i = 1; i <= Shares && least > 0; i++)
        {
            LinearGrid grid = gridOf(whole.Times(Most * Math.Pow(Least / Most, (double)i / Shares)));
            if (grid == last)
                continue;
            last = grid;
            double error = ErrorOf(values, grid);
            if (error < least)
                (least, best) = (error, grid);
        }
        return best;
    }

    private static double ErrorOf(ReadOnlySpan<float> values, LinearGrid grid)
    {
        double error = 0;
        foreach (float value in values)
        {
            double off = value - grid.Quantize(value);
            error += off * off;
        }
        return error;
    }

    private protected override double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid)
    {
        double error = 0;
        ReadOnlySpan<long> counts = histogram.Counts;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
                continue;
            double value = histogram.Middle(i),
                off = value - grid.Quantize((float)value);
            error += counts[i] * off * off;
        }
        return error;
    }
}

/// <summary>
/// The range whose quantized distribution tells least from the whole one, by Kullback–Leibler divergence (Migacz:
/// 8-bit inference with TensorRT, 2017): what is clipped counts at the ends, and each step's share is spread evenly
/// over its bins that are not empty.
/// </summary>
public sealed record KlRange : SearchedRange
{
    private const double Smallest = 1e-9;

    /// <inheritdoc/>
    public override string Name => "kl";

    private protected override int Shares => 128;

    /// <inheritdoc/>
    protected override ValueHistogram HistogramOf(ValueStatistics values) => values.Bulk ?? values.Histogram;

    private protected override double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid)
    {
        int first = histogram.BinOf(range.Low),
            last = histogram.BinOf(range.High);
        var (sums, places) = (new double[grid.Greatest - grid.Least + 1], new int[grid.Greatest - grid.Least + 1]);
        for (int i = first; i <= last; i++)
        {
            if (histogram.Counts[i] == 0)
                continue;
            int step = Step(i);
            sums[step] += histogram.Counts[i];
            places[step]++;
        }
        double below = Sum(histogram.Counts[..first]),
            above = Sum(histogram.Counts[(last + 1)..]),
            all = Sum(histogram.Counts),
            within = all - below - above;
        if (within == 0)
            return double.PositiveInfinity;
        double divergence = 0;
        for (int i = first; i <= last; i++)
        {
            double whole = histogram.Counts[i] + (i == first ? below : 0) + (i == last ? above : 0);
            if (whole == 0)
                continue;
            double quantized = places[Step(i)] == 0 ? 0 : sums[Step(i)] / places[Step(i)];
            divergence += whole / all * Math.Log(whole / all / Math.Max(quantized / within, Smallest));
        }
        return divergence;

        int Step(int bin) => grid.Code((float)histogram.Middle(bin)) - grid.Least;
    }

    private static double Sum(ReadOnlySpan<long> counts)
    {
        double sum = 0;
        foreach (long count in counts)
            sum += count;
        return sum;
    }
}

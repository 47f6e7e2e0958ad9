using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// The range whose quantized distribution tells least from the whole one, by Kullback–Leibler divergence (Migacz: 8-bit inference with
/// TensorRT, 2017): what is clipped counts at the ends, and each step's share is spread evenly over its bins that are not empty.
/// </summary>
internal sealed class KlRange() : SearchedRange(128)
{
    private const double Smallest = 1e-9;

    public override string Name => "kl";

    protected override double CostOf(ValueHistogram histogram, ValueRange range, LinearGrid grid)
    {
        int first = histogram.BinOf(range.Low), last = histogram.BinOf(range.High);
        var (sums, places) = (new double[grid.Greatest - grid.Least + 1], new int[grid.Greatest - grid.Least + 1]);
        for (int i = first; i <= last; i++)
        {
            if (histogram.Counts[i] == 0) continue;
            int step = Step(i);
            sums[step] += histogram.Counts[i];
            places[step]++;
        }
        double below = Sum(histogram.Counts[..first]), above = Sum(histogram.Counts[(last + 1)..]), all = Sum(histogram.Counts), within = all - below - above;
        if (within == 0) return double.PositiveInfinity;
        double divergence = 0;
        for (int i = first; i <= last; i++)
        {
            double whole = histogram.Counts[i] + (i == first ? below : 0) + (i == last ? above : 0);
            if (whole == 0) continue;
            double quantized = places[Step(i)] == 0 ? 0 : sums[Step(i)] / places[Step(i)];
            divergence += whole / all * Math.Log(whole / all / Math.Max(quantized / within, Smallest));
        }
        return divergence;

        int Step(int bin) => grid.Code((float)histogram.Middle(bin)) - grid.Least;
    }

    private static double Sum(ReadOnlySpan<long> counts)
    {
        double sum = 0;
        foreach (long count in counts) sum += count;
        return sum;
    }
}

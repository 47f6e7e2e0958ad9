using System.Runtime.Intrinsics;

namespace Decant.Techniques.Clustering;

/// <summary>
/// The distinct values of a weight in rising order, how often each occurs, and prefix sums over them.
/// </summary>
internal sealed class SortedValues
{
    // Whole numbers, as doubles because they are divided by; exact up to 2^53.
    private readonly double[] counts;
    private readonly double[] sums,
        squares;

    private SortedValues(float[] values, double[] counts)
    {
        (Values, this.counts) = (values, counts);
        (sums, squares) = (new double[values.Length + 1], new double[values.Length + 1]);
        for (int i = 0; i < values.Length; i++)
        {
            double n = counts[i + 1] - counts[i];
            sums[i + 1] = sums[i] + n * values[i];
            squares[i + 1] = squares[i] + n * values[i] * values[i];
        }
    }

    /// <summary>The distinct values, rising.</summary>
    public float[] Values { get; }

    /// <summary>How many distinct values there are.</summary>
    public int Distinct => Values.Length;

    /// <summary>Sorts and counts.</summary>
    public static SortedValues Of(ReadOnlySpan<float> all)
    {
        float[] sorted = all.ToArray();
        Array.Sort(sorted);
        int n = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1])
                n++;
        var counts = new double[n + 1];
        for (int i = 0, k = -1; i < sorted.Length; i++)
        {
            if (k < 0 || sorted[i] != sorted[k])
                sorted[++k] = sorted[i];
            counts[k + 1] = i + 1;
        }
        Array.Resize(ref sorted, n);
        return new SortedValues(sorted, counts);
    }

    /// <summary>The value below which a share of all weights lies.</summary>
    public float Quantile(double share)
    {
        double rank = Math.Floor(share * counts[^1]);
        int i = Array.BinarySearch(counts, rank);
        return Values[Math.Clamp(i >= 0 ? i : ~i - 1, 0, Values.Length - 1)];
    }

    /// <summary>The index of the first distinct value above a bound.</summary>
    public int FirstAbove(double bound)
    {
        int low = 0,
            high = Values.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Values[middle] <= bound)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The mean of the weights whose values have an index in [from, to).</summary>
    public double Mean(int from, int to) => (sums[to] - sums[from]) / (counts[to] - counts[from]);

    /// <summary>The sum of squared distances of those weights to their mean.</summary>
    public double Cost(int from, int to)
    {
        double sum = sums[to] - sums[from];
        return Math.Max(0, squares[to] - squares[from] - sum * sum / (counts[to] - counts[from]));
    }

    /// <summary>
    /// The split in [from, to] of least before[split] + <see cref="Cost"/>(split, end), the first of equal ones; to is
    /// below end.
    /// </summary>
    public (double Cost, int Split) BestSplit(double[] before, int from, int to, int end)
    {
        var (least, best) = (double.PositiveInfinity, from);
        int split = from;
        if (Vector256.IsHardwareAccelerated && to - from >= 2 * Vector256<double>.Count)
        {
            (Vector256<double> leasts, Vector256<long> splits) = BestSplits(before, from, to, end);
            for (int lane = 0; lane < Vector256<double>.Count; lane++)
                if (leasts[lane] < least || (leasts[lane] == least && splits[lane] < best))
                    (least, best) = (leasts[lane], (int)splits[lane]);
            split = to + 1 - (to + 1 - from) % Vector256<double>.Count;
        }
        for (; split <= to; split++)
            if (before[split] + Cost(split, end) is var cost && cost < least)
                (least, best) = (cost, split);
        return (least, best);
    }

    /// <summary>The best split of each lane, over whole vectors from <paramref name="from"/>.</summary>
    private (Vector256<double> Leasts, Vector256<long> Splits) BestSplits(double[] before, int from, int to, int end)
    {
        Vector256<double> leasts = Vector256.Create(double.PositiveInfinity);
        Vector256<double> sumEnd = Vector256.Create(sums[end]),
            squareEnd = Vector256.Create(squares[end]),
            countEnd = Vector256.Create(counts[end]);
        Vector256<long> at = Vector256.Create((long)from) + Vector256<long>.Indices,
            best = at,
            step = Vector256.Create((long)Vector256<long>.Count);
        for (int i = from; i <= to + 1 - Vector256<double>.Count; i += Vector256<double>.Count, at += step)
        {
            Vector256<double> sum = sumEnd - Load(sums, i);
            Vector256<double> spread = squareEnd - Load(squares, i) - sum * sum / (countEnd - Load(counts, i));
            Vector256<double> cost = Load(before, i) + Vector256.Max(Vector256<double>.Zero, spread);
            Vector256<double> better = Vector256.LessThan(cost, leasts);
            leasts = Vector256.ConditionalSelect(better, cost, leasts);
            best = Vector256.ConditionalSelect(better.AsInt64(), at, best);
        }
        return (leasts, best);
    }

    private static Vector256<double> Load(double[] from, int index) => Vector256.LoadUnsafe(ref from[0], (nuint)index);
}

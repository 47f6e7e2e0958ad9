namespace Decant.Techniques.Sharing;

/// <summary>The distinct values of a weight in rising order, how often each occurs, and prefix sums over them.</summary>
internal sealed class SortedValues
{
    private readonly long[] counts;
    private readonly double[] sums, squares;

    private SortedValues(float[] values, long[] counts)
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
    public static SortedValues Of(float[] all)
    {
        var sorted = (float[])all.Clone();
        Array.Sort(sorted);
        int n = 0;
        for (int i = 0; i < sorted.Length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) n++;
        var (values, counts) = (new float[n], new long[n + 1]);
        for (int i = 0, k = -1; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1]) values[++k] = sorted[i];
            counts[k + 1] = i + 1;
        }
        return new SortedValues(values, counts);
    }

    /// <summary>The value below which a share of all weights lies.</summary>
    public float Quantile(double share)
    {
        long rank = (long)(share * counts[^1]);
        int i = Array.BinarySearch(counts, rank);
        return Values[Math.Clamp(i >= 0 ? i : ~i - 1, 0, Values.Length - 1)];
    }

    /// <summary>The index of the first distinct value above a bound.</summary>
    public int FirstAbove(double bound)
    {
        int low = 0, high = Values.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Values[middle] <= bound) low = middle + 1;
            else high = middle;
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
}

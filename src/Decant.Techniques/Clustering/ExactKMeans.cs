using System.Numerics;

namespace Decant.Techniques.Clustering;

/// <summary>
/// The exact optimum of one-dimensional k-means by dynamic programming over sorted values (Grønlund et al. 2017).
/// Clusters are ranges, and the best last split is monotone in the range's end, so each row is filled by divide and
/// conquer: O(k n log n). A row's splits are kept as their steps, two bits a value. Many values are partitioned by
/// <see cref="PenalizedKMeans"/>.
/// </summary>
internal static class ExactKMeans
{
    // Fewer ends than this are not worth a second thread.
    private const int ParallelEnds = 1 << 14;

    // Rows of more are slower than passes at a price.
    private const int ManyValues = 1 << 16;

    public static float[] Find(SortedValues sorted, int k, Workers workers)
    {
        if (sorted.Distinct > ManyValues && PenalizedKMeans.Find(sorted, k) is { } ends)
            return [.. ends.Select((end, i) => (float)sorted.Mean(i == 0 ? 0 : ends[i - 1], end)).Distinct()];
        return ByRows(sorted, k, workers);
    }

    /// <summary>The optimum row by row, a row a cluster.</summary>
    public static float[] ByRows(SortedValues sorted, int k, Workers workers)
    {
        int n = sorted.Distinct;
        var rows = new MonotoneRow[k];
        var splits = new int[n + 1];
        var (last, next) = (new double[n + 1], new double[n + 1]);
        for (int end = 1; end <= n; end++)
            last[end] = sorted.Cost(0, end);
        for (int row = 1; row < k; row++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            Fill(sorted, last, next, splits, row + 1, n, row, n - 1, workers);
            rows[row] = new MonotoneRow(splits.AsSpan(row + 1));
            (last, next) = (next, last);
        }
        return Centroids(sorted, rows, n);
    }

    /// <summary>Fills ends low..high of a row, whose best splits lie in from..to.</summary>
    private static void Fill(
        SortedValues sorted,
        double[] last,
        double[] next,
        int[] splits,
        int low,
        int high,
        int from,
        int to,
        Workers workers
    )
    {
        while (low <= high)
        {
            int end = (low + high) / 2;
            (next[end], int best) = sorted.BestSplit(last, from, Math.Min(to, end - 1), end);
            splits[end] = best;
            if (high - low > ParallelEnds)
            {
                int start = low,
                    first = from,
                    until = high,
                    final = to;
                workers.Both(
                    w => Fill(sorted, last, next, splits, start, end - 1, first, best, w),
                    w => Fill(sorted, last, next, splits, end + 1, until, best, final, w)
                );
                return;
            }
            Fill(sorted, last, next, splits, low, end - 1, from, best, workers);
            (low, from) = (end + 1, best);
        }
    }

    private static float[] Centroids(SortedValues sorted, MonotoneRow[] rows, int n)
    {
        var centroids = new float[rows.Length];
        int end = n;
        for (int row = rows.Length - 1; row >= 0; row--)
        {
            int start = row == 0 ? 0 : rows[row][end - row - 1];
            centroids[row] = (float)sorted.Mean(start, end);
            end = start;
        }
        return [.. centroids.Distinct()];
    }
}

/// <summary>
/// Whole numbers from 0 that never fall, kept in two bits each: a 0 for each step up, a 1 for each number.
/// </summary>
internal sealed class MonotoneRow
{
    private readonly ulong[] bits;

    public MonotoneRow(ReadOnlySpan<int> values)
    {
        bits = new ulong[((long)values[^1] + values.Length) / 64 + 1];
        for (int i = 0; i < values.Length; i++)
        {
            long at = (long)values[i] + i;
            bits[at >> 6] |= 1UL << (int)(at & 63);
        }
    }

    /// <summary>The number at an index: the zeros before the index-th 1. Takes time linear in the index.</summary>
    public int this[int index]
    {
        get
        {
            int word = 0,
                left = index;
            for (int ones; (ones = BitOperations.PopCount(bits[word])) <= left; word++)
                left -= ones;
            ulong rest = bits[word];
            for (; left > 0; left--)
                rest &= rest - 1;
            return (int)(64L * word + BitOperations.TrailingZeroCount(rest) - index);
        }
    }
}

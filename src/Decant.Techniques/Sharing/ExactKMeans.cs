namespace Decant.Techniques.Sharing;

/// <summary>
/// The exact optimum of one-dimensional k-means by dynamic programming over sorted values (Grønlund et al. 2017). Clusters are
/// ranges, and the best last split is monotone in the range's end, so each row is filled by divide and conquer: O(k n log n).
/// </summary>
internal static class ExactKMeans
{
    public static float[] Find(SortedValues sorted, int k)
    {
        int n = sorted.Distinct;
        var splits = new int[k][];
        var (last, next) = (new double[n + 1], new double[n + 1]);
        for (int end = 1; end <= n; end++) last[end] = sorted.Cost(0, end);
        for (int row = 1; row < k; row++)
        {
            splits[row] = new int[n + 1];
            Fill(sorted, last, next, splits[row], row + 1, n, row, n - 1);
            (last, next) = (next, last);
        }
        return Centroids(sorted, splits, n);
    }

    /// <summary>Fills ends low..high of a row, whose best splits lie in from..to.</summary>
    private static void Fill(SortedValues sorted, double[] last, double[] next, int[] splits, int low, int high, int from, int to)
    {
        while (low <= high)
        {
            int end = (low + high) / 2, best = from;
            double least = double.PositiveInfinity;
            for (int split = from; split <= Math.Min(to, end - 1); split++)
            {
                double cost = last[split] + sorted.Cost(split, end);
                if (cost < least) (least, best) = (cost, split);
            }
            (next[end], splits[end]) = (least, best);
            Fill(sorted, last, next, splits, low, end - 1, from, best);
            (low, from) = (end + 1, best);
        }
    }

    private static float[] Centroids(SortedValues sorted, int[][] splits, int n)
    {
        var centroids = new float[splits.Length];
        int end = n;
        for (int row = splits.Length - 1; row >= 0; row--)
        {
            int start = row == 0 ? 0 : splits[row][end];
            centroids[row] = (float)sorted.Mean(start, end);
            end = start;
        }
        return [.. centroids.Distinct()];
    }
}

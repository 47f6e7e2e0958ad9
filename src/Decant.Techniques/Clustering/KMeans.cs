using Decant.Core;

namespace Decant.Techniques.Clustering;

/// <summary>One-dimensional k-means: the centroids that minimize the sum of squared distances to the nearest.</summary>
internal static class KMeans
{
    private const int MaxIterations = 300;

    /// <summary>At most <paramref name="k"/> centroids, rising, all different.</summary>
    public static float[] Find(ReadOnlySpan<float> values, int k, CentroidStart start, Rng rng, Workers workers)
    {
        SortedValues sorted = SortedValues.Of(values);
        if (sorted.Distinct <= k)
            return sorted.Values;
        return start == CentroidStart.Exact
            ? ExactKMeans.Find(sorted, k, workers)
            : Lloyd(sorted, Starts(sorted, k, start, rng));
    }

    /// <summary>The index of the centroid nearest to a value; the lower one of two equally near.</summary>
    public static int Nearest(ReadOnlySpan<float> centroids, float value)
    {
        int i = centroids.BinarySearch(value);
        if (i >= 0)
            return i;
        i = ~i;
        if (i == 0)
            return 0;
        if (i == centroids.Length)
            return i - 1;
        return (double)value - centroids[i - 1] <= (double)centroids[i] - value ? i - 1 : i;
    }

    private static double[] Starts(SortedValues sorted, int k, CentroidStart start, Rng rng)
    {
        double low = sorted.Values[0],
            high = sorted.Values[^1];
        double[] centroids = start switch
        {
            CentroidStart.Linear =>
            [
                .. Enumerable.Range(0, k).Select(i => low + (high - low) * i / Math.Max(1, k - 1)),
            ],
            CentroidStart.Density => [.. Enumerable.Range(0, k).Select(i => (double)sorted.Quantile((i + 0.5) / k))],
            _ => [.. Enumerable.Range(0, k).Select(_ => (double)sorted.Quantile(rng.NextDouble()))],
        };
        Array.Sort(centroids);
        return centroids;
    }

    /// <summary>
    /// Lloyd's iterations on sorted values: a cluster is a range, its sum a difference of prefix sums.
    /// </summary>
    private static float[] Lloyd(SortedValues sorted, double[] centroids)
    {
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            bool moved = false;
            int from = 0;
            for (int c = 0; c < centroids.Length; c++)
            {
                int to =
                    c + 1 == centroids.Length
                        ? sorted.Distinct
                        : sorted.FirstAbove((centroids[c] + centroids[c + 1]) / 2);
                if (to > from && sorted.Mean(from, to) is var mean && mean != centroids[c])
                    (centroids[c], moved) = (mean, true);
                from = Math.Max(from, to);
            }
            if (!moved)
                break;
        }
        return [.. centroids.Select(c => (float)c).Distinct().Order()];
    }
}

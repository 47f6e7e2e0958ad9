using Decant.Core;
using Decant.Techniques.Clustering;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class KMeansTests
{
    [Property(MaxTest = 60)]
    public void ExactIsTheBestOfAllPartitions(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = Draw(rng, 2 + rng.Next(7));
        int k = 1 + rng.Next(3);
        float[] found = KMeans.Find(values, k, CentroidStart.Exact, new Rng(0), default);
        Assert.InRange(found.Length, 1, k);
        Assert.Equal(found.Distinct().Order(), found);
        double best = BestOfAllPartitions(values, k),
            cost = Cost(values, found);
        // Centroids are rounded to floats.
        Assert.True(
            cost <= best + 1e-6 * (best + values.Sum(v => v * v) * 1e-6),
            $"{cost} against {best} of {string.Join(' ', values)} in {k}"
        );
    }

    [Property(MaxTest = 100)]
    public void ExactIsNeverWorseThanLloydFromAnyStart(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = Draw(rng, 2 + rng.Next(300));
        int k = 1 + rng.Next(16);
        double exact = Cost(values, KMeans.Find(values, k, CentroidStart.Exact, new Rng(0), default));
        foreach (CentroidStart start in new[] { CentroidStart.Linear, CentroidStart.Density, CentroidStart.Random })
            for (ulong s = 0; s < 3; s++)
                Assert.True(
                    exact <= Cost(values, KMeans.Find(values, k, start, new Rng(s), default)) * (1 + 1e-6) + 1e-9,
                    $"{start}, {k} of {values.Length}"
                );
    }

    [Property(MaxTest = 100)]
    public void LloydNeverEndsWorseThanItsLinearStart(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = Draw(rng, 2 + rng.Next(200));
        int k = 2 + rng.Next(12);
        double low = values.Min(),
            high = values.Max();
        float[] starts = [.. Enumerable.Range(0, k).Select(i => (float)(low + (high - low) * i / (k - 1)))];
        float[] found = KMeans.Find(values, k, CentroidStart.Linear, new Rng(0), default);
        Assert.True(Cost(values, found) <= Cost(values, starts) * (1 + 1e-6) + 1e-9);
        // It has converged: each centroid is the mean of those nearest to it, but for the rounding to floats.
        foreach (var cluster in values.GroupBy(v => KMeans.Nearest(found, v)))
            Assert.Equal(
                cluster.Average(v => (double)v),
                found[cluster.Key],
                1e-4 * (1 + Math.Abs(found[cluster.Key]))
            );
    }

    [Property(MaxTest = 200)]
    public void NearestIsNearestAndTheLowerOfTwo(ulong seed)
    {
        var rng = new Rng(seed);
        float[] centroids = [.. Draw(rng, 1 + rng.Next(20)).Distinct().Order()];
        for (int i = 0; i < 30; i++)
        {
            float v = (rng.Next(41) - 20) * 0.5f;
            double least = centroids.Min(c => Math.Abs((double)c - v));
            Assert.Equal(
                Array.FindIndex(centroids, c => Math.Abs((double)c - v) == least),
                KMeans.Nearest(centroids, v)
            );
        }
    }

    [Fact]
    public void FewDistinctValuesAreTheCentroidsThemselves()
    {
        foreach (CentroidStart start in Enum.GetValues<CentroidStart>())
            Assert.Equal([-1f, 0, 2], KMeans.Find([2, -1, 0, 2, 2, -1], 4, start, new Rng(1), default));
    }

    [Fact]
    public void ValuesFarFromZeroAreClusteredExactlyToo()
    {
        // Two groups a few units of the last place apart, at 1000: sums of squares are a million times larger than the
        // cost.
        float[] values =
        [
            .. Enumerable.Range(0, 400).Select(i => 1000f + (i % 2 == 0 ? 0 : 0.01f) + (i % 4 < 2 ? 0 : 0.0005f)),
        ];
        float[] found = KMeans.Find(values, 2, CentroidStart.Exact, new Rng(0), default);
        double best = Cost(values, [1000.00025f, 1000.01025f]);
        Assert.True(
            Cost(values, found) <= best * 1.01 + 1e-9,
            $"{string.Join(' ', found)}: {Cost(values, found)} against {best}"
        );
    }

    [Fact]
    public void ARandomStartIsDecidedByTheSeed()
    {
        float[] values = Draw(new Rng(3), 500);
        Assert.Equal(
            KMeans.Find(values, 8, CentroidStart.Random, new Rng(7), default),
            KMeans.Find(values, 8, CentroidStart.Random, new Rng(7), default)
        );
    }

    /// <summary>
    /// Clusters of a one-dimensional optimum are ranges; this tries every cut of the sorted values all the same.
    /// </summary>
    private static double BestOfAllPartitions(float[] values, int k)
    {
        double best = double.PositiveInfinity;
        var cluster = new int[values.Length];
        while (true)
        {
            double cost = 0;
            for (int c = 0; c < k; c++)
            {
                double[] members = [.. values.Where((_, i) => cluster[i] == c).Select(v => (double)v)];
                if (members.Length > 0)
                    cost += members.Sum(m => (m - members.Average()) * (m - members.Average()));
            }
            best = Math.Min(best, cost);
            int at = 0;
            while (at < cluster.Length && ++cluster[at] == Math.Min(k, at + 1))
                cluster[at++] = 0;
            if (at == cluster.Length)
                return best;
        }
    }

    private static double Cost(float[] values, float[] centroids) =>
        values.Sum(v => centroids.Min(c => ((double)c - v) * ((double)c - v)));

    /// <summary>Numbers with repeats, groups and outliers.</summary>
    private static float[] Draw(Rng rng, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    rng.Next(4) switch
                    {
                        0 => (rng.Next(9) - 4) * 0.5f,
                        1 => (float)rng.NextNormal(),
                        2 => (float)(5 + 0.01 * rng.NextNormal()),
                        _ => (float)(-0.3 + 0.2 * rng.NextNormal()),
                    }
                ),
        ];
}

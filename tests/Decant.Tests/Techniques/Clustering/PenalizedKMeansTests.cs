using Decant.Core;
using Decant.Techniques.Clustering;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class PenalizedKMeansTests
{
    [Property(MaxTest = 80)]
    public void APartitionAtAPriceCostsWhatTheBestRowByRowCosts(ulong seed)
    {
        var rng = new Rng(seed);
        int n = 3 + rng.Next(400),
            k = 1 + rng.Next(Math.Min(n - 1, 40));
        SortedValues sorted = SortedValues.Of([
            .. Enumerable.Range(0, n).Select(_ => (float)(rng.NextNormal() + 4 * rng.Next(3))),
        ]);
        if (sorted.Distinct <= k || PenalizedKMeans.Find(sorted, k) is not { } ends)
            return;
        Assert.Equal((k, sorted.Distinct), (ends.Length, ends[^1]));
        double found = ends.Select((end, i) => sorted.Cost(i == 0 ? 0 : ends[i - 1], end)).Sum();
        Assert.Equal(CostOf(sorted, ExactKMeans.ByRows(sorted, k, default)), found, 1e-6 * (1 + found));
    }

    [Fact]
    public void ManyValuesAreSharedAsRowByRow()
    {
        var rng = new Rng(2);
        SortedValues sorted = SortedValues.Of([.. Enumerable.Range(0, 80_000).Select(_ => (float)rng.NextNormal())]);
        Assert.Equal(ExactKMeans.ByRows(sorted, 16, default), ExactKMeans.Find(sorted, 16, default));
        Assert.NotNull(PenalizedKMeans.Find(sorted, 16));
    }

    private static double CostOf(SortedValues sorted, float[] centroids) =>
        Enumerable
            .Range(0, sorted.Distinct)
            .GroupBy(i => KMeans.Nearest(centroids, sorted.Values[i]))
            .Sum(g => sorted.Cost(g.Min(), g.Max() + 1));
}

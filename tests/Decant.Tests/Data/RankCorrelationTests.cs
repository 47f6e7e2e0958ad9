using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class RankCorrelationTests
{
    [Fact]
    public void TiesShareTheMeanOfTheirRanks() =>
        Assert.Equal([2.5, 1, 2.5, 4, 6, 6, 6], RankCorrelation.Ranks([3, 1, 3, 4, 9, 9, 9]));

    [Fact]
    public void ItIsThatOfCountingWhatIsLess()
    {
        var random = Rng.For(1, "ranks");
        for (int trial = 0; trial < 200; trial++)
        {
            int count = 2 + random.Next(30),
                values = 1 + random.Next(20);
            double[] a = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(values))],
                b = [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
            Assert.Equal(BruteForce(a, b), RankCorrelation.Spearman(a, b), 12);
        }
    }

    /// <summary>Spearman's own formula, 1 − 6·Σd²/(n·(n² − 1)), holds where there are no ties.</summary>
    [Fact]
    public void WithoutTiesItIsSpearmansFormula()
    {
        int[] order = [.. Enumerable.Range(0, 20)];
        Rng.For(2, "order").Shuffle<int>(order);
        double squares = order.Select((o, i) => (double)(o - i) * (o - i)).Sum();
        Assert.Equal(
            1 - 6 * squares / (20 * 399),
            RankCorrelation.Spearman(
                [.. order.Select(o => (double)o)],
                [.. Enumerable.Range(0, 20).Select(i => Math.Exp(i))]
            ),
            12
        );
    }

    [Fact]
    public void WhatRanksNothingIsNotCorrelated()
    {
        Assert.Equal(0, RankCorrelation.Spearman([1, 1, 1], [1, 2, 3]));
        Assert.Equal(0, RankCorrelation.Spearman([], []));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1], [1, 2]));
    }

    /// <summary>A value's rank is one more than how many are less, and half of how many others are equal.</summary>
    internal static double BruteForce(double[] a, double[] b)
    {
        double[] Ranks(double[] v) => [.. v.Select(x => 1 + v.Count(y => y < x) + (v.Count(y => y == x) - 1) / 2.0)];
        double[] x = Ranks(a),
            y = Ranks(b);
        double product = x.Zip(y, (p, q) => (p - x.Average()) * (q - y.Average())).Sum(),
            squares = x.Sum(p => Math.Pow(p - x.Average(), 2)) * y.Sum(q => Math.Pow(q - y.Average(), 2));
        return squares == 0 ? 0 : product / Math.Sqrt(squares);
    }
}

using Decant.Core;
using Decant.Techniques.Clustering;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class WeightSharingTests
{
    private static readonly string[] Starts = ["exact", "linear", "density", "random"];

    [Property(MaxTest = 100)]
    public void EachIndexIsThatOfTheNearestCentroid(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 1 + rng.Next(8);
        float[] values = [.. Enumerable.Range(0, 1 + rng.Next(400)).Select(_ => (float)rng.NextNormal())];
        var shared = (CodebookEncoding)
            Options
                .Make("weight-clustering", ("bits", $"{bits}"), ("centroids", Starts[rng.Next(4)]))
                .Apply(Options.Dense(values), seed: seed);
        Assert.False(shared.ZeroApart);
        Assert.InRange(shared.Codebook.Length, 1, 1 << bits);
        for (int i = 0; i < values.Length; i++)
        {
            double distance = Math.Abs((double)shared.Codebook[shared.Indices[i]] - values[i]);
            foreach (float c in shared.Codebook)
                Assert.True(distance <= Math.Abs((double)c - values[i]));
        }
    }

    [Property(MaxTest = 100)]
    public void APrunedWeightKeepsItsMaskAndZeroStandsApart(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 1 + rng.Next(8),
            n = 2 + rng.Next(600);
        int[] positions = [.. Enumerable.Range(0, n).Where(_ => rng.Next(3) == 0)];
        if (positions.Length == 0)
            return;
        var sparse = new SparseEncoding(new Shape(n), positions, [.. positions.Select(_ => (float)rng.NextNormal())]);
        var shared = (CodebookEncoding)Options.Make("weight-clustering", ("bits", $"{bits}")).Apply(sparse);
        Assert.True(shared.ZeroApart);
        Assert.Equal(0f, shared.Codebook[0]);
        Assert.InRange(shared.Codebook.Length - 1, 1, Math.Min(1 << bits, 255));
        byte[] indices = shared.Indices.ToArray();
        Assert.Equal(positions, Enumerable.Range(0, n).Where(i => indices[i] != 0));
        float[] centroids = shared.Codebook[1..].ToArray();
        for (int k = 0; k < positions.Length; k++)
            Assert.Equal(KMeans.Nearest(centroids, sparse.Values[k]) + 1, indices[positions[k]]);
        // Shared again with fewer bits, the mask is the same.
        var again = (CodebookEncoding)Options.Make("weight-clustering", ("bits", "1")).Apply(shared);
        Assert.Equal(positions, Enumerable.Range(0, n).Where(i => again.Indices[i] != 0));
    }

    [Fact]
    public void APrunedWeightWhoseCentroidIsZeroKeepsItInTheMask()
    {
        var sparse = new SparseEncoding(new Shape(4), [0, 2, 3], [0f, 5, -5]);
        var shared = (CodebookEncoding)Options.Make("weight-clustering", ("bits", "2")).Apply(sparse);
        Assert.Equal([0f, -5, 0, 5], shared.Codebook.ToArray());
        Assert.Equal([2, 0, 3, 1], shared.Indices.ToArray().Select(b => (int)b));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteIsRefused(float value) =>
        Assert.Contains(
            "'w' holds",
            Assert
                .Throws<ModelException>(() =>
                    Options.Make("weight-clustering", ("bits", "2")).Apply(Options.Dense(1, value))
                )
                .Message
        );

    [Fact]
    public void IntegersAreRefused() =>
        Assert.Contains(
            "takes floats",
            Assert
                .Throws<ModelException>(() =>
                    Options.Make("weight-clustering", ("bits", "2")).Apply(new DenseEncoding(Tensor.Vector(1L)))
                )
                .Message
        );
}

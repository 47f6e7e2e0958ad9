using Decant.Core;
using Decant.Techniques.LinearAlgebra;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.LinearAlgebra;

public sealed class CholeskyFactorTests
{
    [Property(MaxTest = 30)]
    public void SolutionsAndInversesAreThoseOfTheKeptRowsAndColumns(ulong seed)
    {
        var rng = new Rng(seed);
        int extent = 1 + rng.Next(120);
        double[] matrix = Definite(extent, rng);
        int[] kept = [.. Enumerable.Range(0, extent).Where(_ => rng.Next(4) != 0)];
        var factor = CholeskyFactor.Of(matrix, extent, kept, default);
        double[] b = [.. kept.Select(_ => rng.NextNormal())],
            x = [.. b];
        factor.Solve(x);
        for (int i = 0; i < kept.Length; i++)
            Assert.Equal(b[i], kept.Select((k, j) => matrix[kept[i] * extent + k] * x[j]).Sum(), 1e-8);
        double[] diagonal = factor.InverseDiagonal(default);
        for (int i = 0; i < kept.Length; i++)
        {
            var unit = new double[kept.Length];
            unit[i] = 1;
            factor.Solve(unit);
            Assert.Equal(unit[i], diagonal[i], 1e-10);
        }
    }

    [Property(MaxTest = 30)]
    public void DotProductsOfRowsAreSums(ulong seed)
    {
        var rng = new Rng(seed);
        int size = 1 + rng.Next(23),
            length = 4 * (1 + rng.Next(9));
        double[] a = Normal(size * length, rng),
            b = Normal(size * length, rng),
            begun = Normal(size * size, rng),
            both = [.. begun],
            lower = [.. begun];
        DotProducts.Add(a, b, size, length, both, default);
        DotProducts.AddLower(a, size, length, lower, default);
        for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
        {
            Assert.Equal(begun[i * size + j] + Sum(a, i, b, j), both[i * size + j], 1e-10);
            if (j <= i)
                Assert.Equal(begun[i * size + j] + Sum(a, i, a, j), lower[i * size + j], 1e-10);
        }
        int part = rng.Next(length);
        Assert.Equal(
            Enumerable.Range(0, part).Sum(k => a[k] * b[k]),
            DotProducts.Of(a.AsSpan(0, part), b.AsSpan(0, part)),
            1e-10
        );

        double Sum(double[] x, int i, double[] y, int j) =>
            Enumerable.Range(0, length).Sum(k => x[i * length + k] * y[j * length + k]);
    }

    [Fact]
    public void WhatIsNotPositiveDefiniteIsSaid() =>
        Assert.Contains(
            "not positive definite",
            Assert.Throws<ModelException>(() => CholeskyFactor.Of([1, 2, 2, 1], 2, [0, 1], default)).Message
        );

    private static double[] Definite(int size, Rng rng)
    {
        double[] a = Normal(size * size, rng),
            product = new double[size * size];
        for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
            product[i * size + j] =
                Enumerable.Range(0, size).Sum(k => a[i * size + k] * a[j * size + k]) / size + (i == j ? 0.1 : 0);
        return product;
    }

    private static double[] Normal(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ => rng.NextNormal())];
}

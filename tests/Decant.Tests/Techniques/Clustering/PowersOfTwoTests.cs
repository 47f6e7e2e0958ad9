using Decant.Core;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class PowersOfTwoTests
{
    [Property(MaxTest = 100)]
    public void NumbersArePowersOfTwoOrZeroAndEachWeightHasItsNearest(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 1 + rng.Next(8);
        float scale = MathF.ScaleB(1, rng.Next(60) - 30);
        float[] values = [.. Enumerable.Range(0, 1 + rng.Next(400)).Select(_ => scale * (float)rng.NextNormal())];
        CodebookEncoding shared = Shared(bits, Options.Dense(values));
        float[] numbers = shared.Codebook.ToArray();
        Assert.InRange(numbers.Length, 1, 1 << bits);
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.All(numbers, n => Assert.True(n == 0 || float.IsPow2(Math.Abs(n))));
        float[] decoded = shared.Decode().Array<float>();
        for (int i = 0; i < values.Length; i++)
            foreach (float n in numbers)
                Assert.True(Math.Abs((double)decoded[i] - values[i]) <= Math.Abs((double)n - values[i]));
        Assert.Equal(decoded, Shared(bits, Options.Dense(decoded)).Decode().Array<float>());
    }

    [Property(MaxTest = 50)]
    public void WithManyBitsEachIsWithinAThird(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = [.. Enumerable.Range(0, 300).Select(_ => (float)rng.NextNormal())];
        float[] decoded = Shared(6, Options.Dense(values)).Decode().Array<float>();
        // 31 exponents on each side: the nearest of 2^e and 2^(e+1) is off by at most a third of the number.
        for (int i = 0; i < values.Length; i++)
            Assert.InRange(
                Math.Abs((double)decoded[i] - values[i]),
                0,
                Math.Max(Math.Abs(values[i]) / 3.0 * 1.0000001, 1e-8)
            );
    }

    [Fact]
    public void TheLargestPowerIsTheOneOfLeastError() =>
        // 1.1 alone asks for 2^1 or 2^0; what is about 0.25 asks, with three numbers, for a quarter.
        Assert.Equal(
            [-0.25f, 0, 0.25f],
            Shared(2, Options.Dense([.. Enumerable.Repeat(0.25f, 50), .. Enumerable.Repeat(-0.24f, 50), 1.1f, 0]))
                .Codebook.ToArray()
        );

    [Property(MaxTest = 60)]
    public void NoOtherLargestPowerIsBetterHoweverHeavyTheTail(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 2 + rng.Next(3),
            powers = ((1 << bits) - 1) / 2;
        float[] values =
        [
            .. Enumerable.Range(0, 200).Select(_ => (float)(rng.NextNormal() * Math.Exp(3 * rng.NextNormal()))),
        ];
        double found = Error(Shared(bits, Options.Dense(values)).Codebook.ToArray());
        for (int top = -60; top <= 30; top++)
        {
            float[] rising = [.. Enumerable.Range(top - powers + 1, powers).Select(e => MathF.ScaleB(1, e))];
            Assert.True(found <= Error([.. rising, 0, .. rising.Select(p => -p)]) * (1 + 1e-9), $"2^{top} is better");
        }

        double Error(float[] numbers) => values.Sum(v => numbers.Min(n => Math.Pow((double)v - n, 2)));
    }

    [Fact]
    public void APrunedWeightKeepsItsMask()
    {
        var shared = Shared(2, new SparseEncoding(new Shape(5), [0, 2, 3], [0.9f, -2.2f, 0.26f]));
        Assert.True(shared.ZeroApart);
        Assert.Equal([1f, 0, -2, 1, 0], shared.Decode().Array<float>());
    }

    [Fact]
    public void ZerosAloneAreSharedAsZero() =>
        Assert.Equal([0f, 0], Shared(3, Options.Dense(0, 0)).Decode().Array<float>());

    private static CodebookEncoding Shared(int bits, Encoding weight) =>
        (CodebookEncoding)
            Options.Make("weight-clustering", ("bits", $"{bits}"), ("centroids", "powers-of-two")).Apply(weight);
}

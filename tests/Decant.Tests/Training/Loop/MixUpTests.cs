using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Loop;

public sealed class MixUpTests
{
    [Fact]
    public void EachImageIsMixedWithTheOneFromTheOtherEnd()
    {
        float[] images = [1, 2, 10, 20, 100, 200];
        MixUp.Mix(images, 3, 0.75);
        Assert.Equal([25.75f, 51.5f, 10, 20, 75.25f, 150.5f], images);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(3)]
    public void SharesAreThoseOfABetaDistribution(double alpha)
    {
        var mix = new MixUp(alpha, seed: 5);
        double[] shares = [.. Enumerable.Range(0, 4000).Select(i => mix.ShareAt(i / 100, i % 100))];
        Assert.All(shares, s => Assert.InRange(s, 0, 1));
        double mean = shares.Average(),
            variance = shares.Average(s => (s - mean) * (s - mean));
        Assert.Equal(0.5, mean, 0.03);
        Assert.Equal(1 / (4 * (2 * alpha + 1)), variance, 0.012);
    }

    [Fact]
    public void AShareDependsOnSeedEpochAndStepAlone()
    {
        Assert.Equal(new MixUp(1, 7).ShareAt(3, 4), new MixUp(1, 7).ShareAt(3, 4));
        Assert.Equal(
            4,
            new[]
            {
                new MixUp(1, 7).ShareAt(3, 4),
                new MixUp(1, 7).ShareAt(4, 3),
                new MixUp(1, 8).ShareAt(3, 4),
                new MixUp(2, 7).ShareAt(3, 4),
            }
                .Distinct()
                .Count()
        );
    }
}

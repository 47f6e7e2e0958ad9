using Decant.Core;
using Xunit;

namespace Decant.Tests.Tensors;

public sealed class MersenneTwisterTests
{
    [Fact]
    public void ItsNumbersAreThePublishedOnes()
    {
        // ISO C++, [rand.predef]: the 10000th number of a default mt19937, whose seed is 5489, is 4123659995.
        var random = new MersenneTwister(5489);
        uint[] numbers = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextUInt32())];
        Assert.Equal([3499211612, 581869302, 3890346734, 3586334585, 545404204], numbers[..5]);
        Assert.Equal(4123659995, numbers[^1]);
    }

    [Fact]
    public void ItsUniformNumbersAreThoseOfNumPysRandomState()
    {
        // numpy.random.RandomState(0).uniform(size=5)
        var random = new MersenneTwister(0);
        double[] expected =
        [
            0.5488135039273248,
            0.7151893663724195,
            0.6027633760716439,
            0.5448831829968969,
            0.4236547993389047,
        ];
        foreach (double number in expected)
            Assert.Equal(number, random.NextDouble());
    }
}

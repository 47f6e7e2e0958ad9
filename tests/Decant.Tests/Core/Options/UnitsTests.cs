using Decant.Core;
using Xunit;

namespace Decant.Tests.Quantities;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0.5%", 0.005)]
    [InlineData("99.9 %", 0.999)]
    [InlineData("0.25", 0.25)]
    [InlineData("1e-3", 0.001)]
    public void SharesAreNumbersOrPercentages(string text, double share)
    {
        Assert.True(Units.TryReadShare(text, out double read));
        Assert.Equal(share, read);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("half")]
    [InlineData("5 points")]
    [InlineData("1,5%")]
    public void OtherTextsAreNoShares(string text) => Assert.False(Units.TryReadShare(text, out _));

    [Theory]
    [InlineData("150000", 150_000)]
    [InlineData("100kB", 100_000)]
    [InlineData("1.5 MB", 1_500_000)]
    [InlineData("64KiB", 65_536)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("12B", 12)]
    public void SizesHaveUnits(string text, long bytes)
    {
        Assert.True(Units.TryReadBytes(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("kB")]
    [InlineData("-1")]
    [InlineData("-1kB")]
    [InlineData("1k")]
    [InlineData("99999999999999999GB")]
    [InlineData("1e3kB")]
    public void OtherTextsAreNoSizes(string text) => Assert.False(Units.TryReadBytes(text, out _));
}

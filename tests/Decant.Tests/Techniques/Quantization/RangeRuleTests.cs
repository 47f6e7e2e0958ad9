using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

public sealed class RangeRuleTests
{
    // Best clips of ACIQ's published tables, in units of b and of σ.
    [Theory]
    [InlineData("laplace", 2, 2.83)]
    [InlineData("laplace", 3, 3.89)]
    [InlineData("laplace", 4, 5.03)]
    [InlineData("gauss", 2, 1.71)]
    [InlineData("gauss", 3, 2.15)]
    [InlineData("gauss", 4, 2.55)]
    public void TheBestClipOfAKnownDistributionIsThePublishedOne(string rule, int bits, double clip)
    {
        var wide = new ValueStatistics(new Shape(1), 100, -100, 100, -100, 100, 0, 1, 1, new ValueHistogram());
        ValueRange range = Rule(rule).Find(wide, bits, QuantizationScheme.Symmetric);
        Assert.Equal(clip, range.High, 0.03);
        Assert.Equal(-range.High, range.Low, 1e-9);
    }

    [Fact]
    public void EveryRuleStaysWithinTheValuesAndTakesWhatItsNameSays()
    {
        ValueStatistics values = ValueStatistics.Of(Normal(20_000));
        foreach (string name in RangeRule.Shipped.Select(r => r.Name))
        {
            ValueRange range = Rule(name).Find(values, 4, QuantizationScheme.Symmetric);
            Assert.True(range.Low >= values.Low && range.High <= values.High && range.Low < -1 && range.High > 1, name);
        }
        Assert.Equal(values.Range, Rule("min-max").Find(values, 8, QuantizationScheme.Symmetric));
        Assert.Equal(
            2,
            Rule("deviation", ("deviations", "2")).Find(values, 8, QuantizationScheme.Symmetric).High,
            0.05
        );
        ValueRange most = Rule("percentile", ("percent", "95")).Find(values, 8, QuantizationScheme.Symmetric);
        Assert.Equal(0.95, Normal(20_000).Count(v => v >= most.Low && v <= most.High) / 20_000.0, 0.005);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TheRangeOfLeastSquaredErrorIsNoWorseThanAnyOther(int bits)
    {
        float[] sample = Normal(4000);
        ValueStatistics values = ValueStatistics.Of(sample);
        double Error(ValueRange range)
        {
            LinearGrid grid = LinearGrid.Of(range, bits, QuantizationScheme.Symmetric);
            return sample.Sum(v => Math.Pow(v - grid.Quantize(v), 2));
        }
        double best = Error(Rule("mse").Find(values, bits, QuantizationScheme.Symmetric));
        Assert.True(best < 0.8 * Error(values.Range));
        foreach (string other in RangeRule.Shipped.Select(r => r.Name))
            Assert.True(best <= 1.02 * Error(Rule(other).Find(values, bits, QuantizationScheme.Symmetric)), other);
    }

    [Fact]
    public void ValuesWithoutSignAreClippedAboveAlone()
    {
        ValueStatistics values = ValueStatistics.Of([.. Normal(20_000).Select(v => Math.Max(0, v))]);
        foreach (string name in RangeRule.Shipped.Select(r => r.Name).Except(["deviation"]))
            Assert.Equal(0, Rule(name).Find(values, 4, QuantizationScheme.Unsigned).Low, 1e-9);
    }

    private static RangeRule Rule(string name, params (string Name, string Value)[] more) =>
        RangeRule.Parse($"{name}({string.Join(", ", more.Select(o => $"{o.Name}: {o.Value}"))})");

    private static float[] Normal(int count)
    {
        var rng = new Rng(5);
        return [.. Enumerable.Range(0, count).Select(_ => (float)rng.NextNormal())];
    }
}

using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Weights;

public sealed class RampScheduleTests
{
    [Property(MaxTest = 200)]
    public void TheRoundsNeededAreTheFirstThatReachTheLevel(ulong seed)
    {
        var rng = new Rng(seed);
        var schedule = new RampSchedule((Ramp)rng.Next(3), rng.NextDouble(0.1, 0.95), rng.NextDouble(0.1, 0.9));
        int needed = schedule.RoundsNeeded(1)!.Value;
        Assert.True(schedule.Reaches(1, 1, needed));
        if (needed > 1)
            Assert.False(schedule.Reaches(1, 1, needed - 1));
        // No ramp does it in fewer rounds than pruning the most that is allowed each time.
        Assert.True(Math.Pow(1 - schedule.AtMost, needed) <= 1 - schedule.Level + 1e-9);
    }

    [Fact]
    public void PruningTooMuchAtOnceIsRefusedWithTheRoundsThatWouldDo()
    {
        Technique technique = Options.Make("weight-pruning", ("level", "0.9"), ("at-most", "0.3"));
        var e = Assert.Throws<ModelException>(() => Plan(technique, Options.Dense(new float[1000]), 1, 5));
        // 0.7⁶ = 0.118, 0.7⁷ = 0.082.
        Assert.Equal(
            "level 0.9 is not reached in 5 round(s) that prune at most 30 % of the remaining weights; "
                + "7 rounds would do",
            e.Message
        );
    }

    [Fact]
    public void NoRoundPrunesMoreThanItMay()
    {
        Technique technique = Options.Make("weight-pruning", ("level", "0.9"), ("at-most", "0.3"), ("ramp", "cubic"));
        Encoding weight = Options.Dense([.. Enumerable.Range(1, 1000).Select(i => (float)i)]);
        for (int round = 1, left = 1000; round <= 8; round++)
        {
            weight = Plan(technique, weight, round, 8);
            Assert.InRange(weight.NonZeros, left * 0.7 - 0.5, left);
            left = (int)weight.NonZeros;
        }
        Assert.Equal(100, weight.NonZeros);
    }

    private static Encoding Plan(Technique technique, Encoding weight, int round, int rounds)
    {
        var network = new Network("", [], [], [], [new Weight("w", weight)]);
        return technique
            .Plan(new TechniqueContext(network, network.Weights, round, rounds))
            .Single()
            .Apply(network)
            .Weights["w"]
            .Encoding;
    }
}

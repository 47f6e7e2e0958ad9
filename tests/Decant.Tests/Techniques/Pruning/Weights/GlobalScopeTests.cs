using Decant.Core;
using Decant.Techniques;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Weights;

public sealed class GlobalScopeTests
{
    [Property(MaxTest = 100)]
    public void AllWeightsTogetherReachTheLevelByOneRanking(ulong seed)
    {
        var rng = new Rng(seed);
        Weight[] weights =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => new Weight(
                    $"w{i}",
                    Options.Dense([.. Enumerable.Range(0, 5 + rng.Next(20)).Select(_ => (float)rng.NextNormal())])
                )),
        ];
        float[] all = [.. weights.SelectMany(w => w.Encoding.Values()).Select(Math.Abs).OrderDescending()];
        int kept = (int)Math.Round(all.Length * 0.5);
        float least = all[kept - 1];
        if (weights.Any(w => w.Encoding.Values().All(v => Math.Abs(v) < least)))
            return;
        IReadOnlyList<PlannedChange> plan = Options
            .Make("weight-pruning", ("scope", "global"), ("level", "0.5"))
            .Plan(weights);
        foreach (var (change, weight) in plan.Zip(weights))
            Assert.Equal(
                weight.Encoding.Values().Select(v => Math.Abs(v) >= least ? v : 0),
                change.Encoding(weight).Values()
            );
        Assert.EndsWith("level 0.5 over 3 weights", plan[0].What);
    }

    [Fact]
    public void ALayerThatWouldBeEmptyIsNamedWithTheWayOut()
    {
        Weight[] weights = [new("large", Options.Dense(10, 20, 30, 40)), new("small", Options.Dense(1, 2, 3, 4))];
        var e = Assert.Throws<ModelException>(() =>
            Options.Make("weight-pruning", ("scope", "global"), ("level", "0.5")).Plan(weights)
        );
        Assert.Equal(
            "weight 'small' would be pruned to nothing (level 0.5 over 2 weights); use a lower level or "
                + "threshold, 'scope: layer' or 'criterion: lamp', or leave it out of 'weights'",
            e.Message
        );
        foreach (
            (string, string) way in (ReadOnlySpan<(string, string)>)
                [("criterion", "lamp"), ("normalize", "layer-l2"), ("criterion", "sensitivity")]
        )
            Assert.Equal(
                [2L, 2],
                Options
                    .Make("weight-pruning", ("scope", "global"), ("level", "0.5"), way)
                    .Plan(weights)
                    .Zip(weights)
                    .Select(p => p.First.Encoding(p.Second).NonZeros)
            );
    }

    [Fact]
    public void ASensitivityIsEachLayersOwnThreshold()
    {
        // Standard deviations √5 and 10·√5: the same quality keeps the same numbers of both.
        Weight[] weights = [new("a", Options.Dense(1, -1, 3, -3)), new("b", Options.Dense(10, -10, 30, -30))];
        IReadOnlyList<PlannedChange> plan = Options
            .Make("weight-pruning", ("scope", "global"), ("criterion", "sensitivity"), ("threshold", "1"))
            .Plan(weights);
        Assert.Equal([0f, 0, 3, -3], plan[0].Encoding(weights[0]).Values());
        Assert.Equal([0f, 0, 30, -30], plan[1].Encoding(weights[1]).Values());
    }
}

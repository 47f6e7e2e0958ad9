using Decant.Core;
using Decant.Techniques;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Weights;

public sealed class WeightPruningTests
{
    [Property(MaxTest = 300)]
    public void ALevelKeepsTheLargestAndOfEqualOnesTheFirst(ulong seed)
    {
        var rng = new Rng(seed);
        // Few distinct magnitudes, so that ties are common.
        float[] values =
        [
            .. Enumerable.Range(0, 1 + rng.Next(60)).Select(_ => (rng.Next(11) - 5) * (rng.Next(4) == 0 ? 1e-3f : 1f)),
        ];
        double level = rng.NextDouble() * 0.99;
        int kept = (int)Math.Round(values.Length * (1 - level));
        if (kept == 0)
            return;
        var pruned = (SparseEncoding)
            Options.Make("weight-pruning", ("level", $"{level:R}")).Apply(Options.Dense(values));
        int[] expected =
        [
            .. Enumerable
                .Range(0, values.Length)
                .OrderByDescending(i => Math.Abs(values[i]))
                .ThenBy(i => i)
                .Take(kept)
                .Order(),
        ];
        Assert.Equal(expected, pruned.Positions.ToArray());
        Assert.Equal(expected.Select(i => values[i]), pruned.Values.ToArray());
    }

    [Property(MaxTest = 100)]
    public void AnyFiniteFloatsAreRankedByMagnitude(uint[] bits)
    {
        float[] values = [.. bits.Select(BitConverter.UInt32BitsToSingle).Where(float.IsFinite)];
        if (values.Length < 2)
            return;
        var pruned = (SparseEncoding)Options.Make("weight-pruning", ("level", "0.5")).Apply(Options.Dense(values));
        int kept = (int)Math.Round(values.Length * 0.5);
        Assert.Equal(
            values.Select(Math.Abs).OrderDescending().Take(kept),
            pruned.Values.ToArray().Select(Math.Abs).OrderDescending()
        );
    }

    [Fact]
    public void AQuantizedWeightStaysOneAndItsZerosAreZeroPoints()
    {
        var weight = new LinearEncoding(new Shape(2, 3), 8, [7, -9, 2, 100, 5, 3], [0.5f, 0.25f], [2, 4], axis: 0);
        var pruned = Assert.IsType<LinearEncoding>(Options.Make("weight-pruning", ("level", "0.5")).Apply(weight));
        Assert.Equal([7, -9, 2, 100, 4, 4], pruned.Codes.ToArray());
        Assert.Equal([2.5f, -5.5f, 0, 24, 0, 0], pruned.Values());
        Assert.Equal(weight.Scales.ToArray(), pruned.Scales.ToArray());
        Assert.Equal(weight.Zeros.ToArray(), pruned.Zeros.ToArray());
    }

    [Fact]
    public void AQuantizedWeightIsNotPrunedBeforeTraining()
    {
        var weight = new Weight("w", new LinearEncoding(new Shape(4), 8, [7, -9, 2, 100], [0.5f], []));
        var context = new TechniqueContext(new Network("", [], [], [], [weight]), [weight]) { Trains = true };
        var refused = Assert.Throws<ModelException>(() =>
            Options.Make("weight-pruning", ("level", "0.5")).Plan(context)
        );
        Assert.Contains("'w' is quantized", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AThresholdKeepsWhatReachesIt()
    {
        Encoding pruned = Options
            .Make("weight-pruning", ("threshold", "0.5"))
            .Apply(Options.Dense(0.5f, -0.5f, 0.49f, 0, -3, float.Epsilon));
        Assert.Equal([0.5f, -0.5f, 0, 0, -3, 0], pruned.Values());
        Assert.Equal(
            [0.5f, -0.5f, 0.49f, 0, -3, 0],
            Options
                .Make("weight-pruning", ("threshold", "0.5"))
                .Apply(Options.Dense(0.5f, -0.5f, 0.49f, 0, -3, 0.1f), progress: 0.5)
                .Values()
        );
    }

    [Fact]
    public void ASensitivityIsTimesTheStandardDeviationOfWhatIsNotZero()
    {
        // Of ±1 and ±3 the mean is 0 and the standard deviation √5 = 2.236.
        Encoding weight = Options.Dense(1, -1, 3, -3, 0, 0);
        Assert.Equal([0, 0, 3, -3, 0, 0], Options.Make("weight-pruning", ("sensitivity", "1")).Apply(weight).Values());
        Assert.Equal(
            [1, -1, 3, -3, 0, 0],
            Options.Make("weight-pruning", ("sensitivity", "0.44")).Apply(weight).Values()
        );
        Assert.Equal(
            [0, 0, 3, -3, 0, 0],
            Options.Make("weight-pruning", ("sensitivity", "0.45")).Apply(weight).Values()
        );
    }

    [Theory]
    [InlineData("geometric", 0.5, 0.684)]
    [InlineData("linear", 0.5, 0.45)]
    [InlineData("cubic", 0.5, 0.7875)]
    [InlineData("geometric", 1, 0.9)]
    [InlineData("linear", 1, 0.9)]
    [InlineData("cubic", 1, 0.9)]
    public void RampsRiseToTheLevel(string ramp, double progress, double level)
    {
        float[] values = [.. Enumerable.Range(1, 1000).Select(i => (float)i)];
        Encoding pruned = Options
            .Make("weight-pruning", ("level", "0.9"), ("ramp", ramp))
            .Apply(Options.Dense(values), progress);
        Assert.Equal((int)Math.Round(1000 * (1 - level)), pruned.NonZeros);
    }

    [Fact]
    public void WhatWasPrunedStaysPruned()
    {
        // A position that was kept holds a zero now, one that was not must not come back.
        var weight = new SparseEncoding(new Shape(6), [1, 3, 4], [0f, -2, 1]);
        var half = (SparseEncoding)Options.Make("weight-pruning", ("level", "0.1")).Apply(weight);
        Assert.Equal([1, 3, 4], half.Positions.ToArray());
        var third = (SparseEncoding)Options.Make("weight-pruning", ("level", "0.667")).Apply(weight);
        Assert.Equal([3, 4], third.Positions.ToArray());
        Assert.Equal([-2f, 1], third.Values.ToArray());
    }

    [Theory]
    [InlineData("level", "0.9")]
    [InlineData("threshold", "5")]
    [InlineData("sensitivity", "50")]
    public void PruningToNothingIsRefused(string option, string value)
    {
        var e = Assert.Throws<ModelException>(() =>
            Options.Make("weight-pruning", (option, value)).Apply(Options.Dense(1, 2))
        );
        Assert.Contains("'w' would be pruned to nothing", e.Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteIsRefused(float value)
    {
        var e = Assert.Throws<ModelException>(() =>
            Options.Make("weight-pruning", ("level", "0.5")).Apply(Options.Dense(1, value, 2, 3))
        );
        Assert.Contains("'w' holds", e.Message);
    }

    [Fact]
    public void SharedWeightsAndIntegersAreRefused()
    {
        Technique prune = Options.Make("weight-pruning", ("level", "0.5"));
        Assert.Contains(
            "prune before clustering",
            Assert
                .Throws<ModelException>(() => prune.Apply(new CodebookEncoding(new Shape(2), [1f], [0, 0], false)))
                .Message
        );
        Assert.Throws<ModelException>(() => prune.Apply(new DenseEncoding(Tensor.Vector(1L, 2))));
    }

    [Fact]
    public void PlanningChangesNothing()
    {
        float[] values = [3, 1, 2];
        Technique prune = Options.Make("weight-pruning", ("level", "0.6"));
        var weight = new Weight("w", Options.Dense(values));
        PlannedChange change = prune.Plan([weight], 1).Single();
        Assert.Equal("keep 1 of 3 weights (33.33 %): level 0.6", change.What);
        Assert.Equal([3f, 1, 2], values);
        Assert.Equal(change.Encoding(weight).Values(), change.Encoding(weight).Values());
    }
}

using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Zoo;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Criteria;

public sealed class WeightCriteriaTests
{
    [Property(MaxTest = 50)]
    public void LampIsTheSquareOverTheSquaresThatAreNoSmaller(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = [.. Enumerable.Range(0, 1 + rng.Next(40)).Select(_ => rng.Next(9) - 4f)];
        float[] scores = Score("lamp", values);
        for (int i = 0; i < values.Length; i++)
        {
            double square = values[i] * values[i];
            // Of equal magnitudes the one that comes first in a descending order: the largest score that the paper's
            // formula gives any of them.
            double above = values.Select(v => v * v).Where(v => v > square).Sum(v => (double)v) + square;
            Assert.Equal(square == 0 ? 0 : square / above, scores[i], 5);
        }
    }

    [Fact]
    public void SensitivityIsTheMagnitudeOverTheStandardDeviationOfWhatIsNotZero() =>
        Assert.Equal([0.447214f, 0.447214f, 1.341641f, 1.341641f, 0], Score("sensitivity", 1, -1, 3, -3, 0), (a, b) =>
            Math.Abs(a - b) < 1e-5
        );

    [Fact]
    public void RandomScoresComeFromTheSeedAndZeroIsLeast()
    {
        float[] values = [.. Enumerable.Range(0, 200).Select(i => i % 4 == 0 ? 0f : 1f)];
        float[] scores = Score("random", values);
        Assert.Equal(scores, Score("random", values));
        Assert.NotEqual(scores, Score("random", 2, values));
        Assert.All(scores.Zip(values), p => Assert.Equal(p.Second == 0, p.First == 0));
        Assert.InRange(scores.Where(s => s > 0).Average(), 0.4, 0.6);
    }

    [Fact]
    public void UnitsAreMeasuredByTheirNorm()
    {
        Network network = Holding(new Weight("w", Tensor.Of(new Shape(2, 2), [3f, -4, 1, 0])));
        PruningUnit[] units = [Of.Rows(network, 0, "w"), Of.Rows(network, 1, "w")];
        var context = new TechniqueContext(network, []);
        Assert.Equal([7, 1], Of.Criterion("magnitude").Score(context, units));
        Assert.Equal([5, 1], Of.Criterion("magnitude", ("norm", "l2")).Score(context, units));
    }

    [Property(MaxTest = 50)]
    public void ASliceIsTheNumbersOfItsIndices(ulong seed)
    {
        var rng = new Rng(seed);
        var shape = new Shape(1 + rng.Next(4), 1 + rng.Next(4), 1 + rng.Next(4));
        int axis = rng.Next(3),
            from = rng.Next(shape[axis]),
            count = 1 + rng.Next(shape[axis] - from);
        float[] numbers = [.. Enumerable.Range(0, (int)shape.Count).Select(i => (float)i)];
        WeightRegion region = WeightRegion.Slice(new Weight("w", Tensor.Of(shape, numbers)), axis, from, count);
        int inner = (int)shape.CountFrom(axis + 1);
        float[] expected =
        [
            .. numbers.Where(v => (int)v / inner % shape[axis] is var index && index >= from && index < from + count),
        ];
        Assert.Equal(expected.Length, region.Count);
        Assert.Equal(expected.Sum(v => (double)v * v), region.Sum(numbers, v => v * v));
    }

    [Fact]
    public void ASliceOutsideTheWeightIsRefused() =>
        Assert.Throws<ModelException>(() => WeightRegion.Slice(new Weight("w", Tensor.Vector(1f, 2)), 0, 1, 2));

    [Fact]
    public void EnergyIsWorkedOutFromUsesAndTransfers()
    {
        // conv1 runs at 24 × 24 places: 5 · 576 + 206 each; a number of fc1 is used once: 5 + 206.
        Network network = Architectures.Create("lenet-5", 1);
        var scores = Of.Criterion("energy")
            .Score(new TechniqueContext(network, [network.Weights["conv1.weight"], network.Weights["fc1.weight"]]));
        foreach (var (name, energy) in new[] { ("conv1.weight", 3086.0), ("fc1.weight", 211.0) })
        {
            float[] values = network.Weights[name].Encoding.Decode().Array<float>();
            Assert.Equal(Math.Abs(values[7]) / energy, scores[name][7], 9);
        }
    }

    [Fact]
    public void TheEnergyOfAChannelIsThatOfItsNumbersAndItsMap()
    {
        Network network = Architectures.Create("lenet-5", 1);
        WeightRegion filter = WeightRegion.Slice(network.Weights["conv1.weight"], 0, 2);
        double magnitude = filter.Sum(network.Weights["conv1.weight"].Encoding.Decode().Array<float>(), Math.Abs);
        double score = Of.Criterion("energy")
            .Score(
                new TechniqueContext(network, []),
                [new PruningUnit("2", [filter], [new ValueRegion("conv1", 1, [2])])]
            )[0];
        Assert.Equal(magnitude / (25 * 3086 + 2 * 206 * 576), score, 9);
    }

    [Fact]
    public void AnUnknownCriterionIsRefusedWithThoseThereAre() =>
        Assert.Contains(
            "must be one of apoz, bn-scale, change",
            Assert.Throws<OptionsException>(() => Of.Criterion("size")).Message
        );

    private static float[] Score(string criterion, params float[] values) => Score(criterion, 1, values);

    private static float[] Score(string criterion, ulong seed, float[] values)
    {
        Network network = Holding(new Weight("w", Options.Dense(values)));
        return Of.Criterion(criterion).Score(new TechniqueContext(network, network.Weights) { Seed = seed })["w"];
    }

    private static Network Holding(params Weight[] weights) => new("", [], [], [], weights);
}

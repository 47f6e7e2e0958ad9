using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Tasks;

public sealed class MultiLabelTests
{
    private const int Count = 40,
        Labels = 5;

    private static (float[] Scores, bool[] Has) Draw(Rng random, bool tied)
    {
        float[] scores = [.. Enumerable.Range(0, Count * Labels).Select(_ => Score(random, tied))];
        // Nobody has the last label.
        bool[] has = [.. Enumerable.Range(0, Count * Labels).Select(i => i % Labels < 4 && random.Next(3) == 0)];
        return (scores, has);
    }

    private static float Score(Rng random, bool tied) => tied ? random.Next(4) - 2 : (float)random.NextNormal();

    private static Score Evaluate(float[] scores, bool[] has, MultiLabelOptions? options = null) =>
        TaskFixtures.Evaluate(new MultiLabel(options), Outputs(scores), Targets(has));

    private static (string, Tensor)[] Outputs(float[] scores) => [("y", Tensor.Of(new Shape(Count, Labels), scores))];

    private static (string, Tensor)[] Targets(bool[] has) => [("y", Tensor.Of(new Shape(Count, Labels), has))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MetricsAreThoseOfTheirDefinitions(bool tied)
    {
        var random = Rng.For(1, "multi-label", tied);
        for (int trial = 0; trial < 20; trial++)
        {
            (float[] scores, bool[] has) = Draw(random, tied);
            Score score = Evaluate(scores, has);
            Assert.Equal(["mAP", "micro F1", "subset accuracy"], score.Values.Select(v => v.Name));
            double[] each = [.. Enumerable.Range(0, 4).Select(l => Precision(scores, has, l))];
            Assert.Equal(each.Average(), score.Primary.Value, 12);
            int[] predicted = [.. Enumerable.Range(0, scores.Length).Where(i => scores[i] > 0)];
            double precision = predicted.Count(i => has[i]) / (double)predicted.Length,
                recall = predicted.Count(i => has[i]) / (double)has.Count(h => h);
            Assert.Equal(2 / (1 / precision + 1 / recall), score["micro F1"], 12);
            int right = has.Chunk(Labels)
                .Zip(scores.Chunk(Labels))
                .Count(e => e.First.SequenceEqual(e.Second.Select(s => s > 0)));
            Assert.Equal(right / (double)Count, score["subset accuracy"], 12);
        }
    }

    /// <summary>The mean over examples with the label of the precision among those that score as high.</summary>
    private static double Precision(float[] scores, bool[] has, int label)
    {
        int[] all = [.. Enumerable.Range(0, Count).Select(i => i * Labels + label)];
        return all.Where(i => has[i])
            .Average(i =>
                all.Count(o => has[o] && scores[o] >= scores[i]) / (double)all.Count(o => scores[o] >= scores[i])
            );
    }

    [Fact]
    public void OrderAndBatchesDoNotMatter()
    {
        var random = Rng.For(2, "multi-label");
        for (int trial = 0; trial < 10; trial++)
        {
            (float[] scores, bool[] has) = Draw(random, tied: trial % 2 == 0);
            TaskFixtures.InvariantOf(new MultiLabel(), Outputs(scores), Targets(has), random);
        }
    }

    [Fact]
    public void WhatIsAllRightIsTheBestAndWhatIsAllWrongTheWorst()
    {
        (_, bool[] has) = Draw(Rng.For(3, "multi-label"), tied: false);
        float[] right = Array.ConvertAll(has, h => h ? 1f : -1);
        Assert.All(Evaluate(right, has).Values, v => Assert.Equal(1, v.Value));
        // Every example with a label comes after all others: the k-th of P has the precision k / (N - P + k).
        Score worst = Evaluate([.. has.Select((h, i) => h ? -1f - i : 1 + i)], has);
        double[] least =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(l => has.Where((h, i) => h && i % Labels == l).Count())
                .Select(p => Enumerable.Range(1, p).Average(k => (double)k / (Count - p + k))),
        ];
        Assert.Equal(least.Average(), worst.Primary.Value, 12);
        Assert.Equal((0, 0), (worst["micro F1"], worst["subset accuracy"]));
        for (int trial = 0; trial < 20; trial++)
            Assert.True(worst.Primary.Value <= Evaluate(Draw(new Rng((ulong)trial), true).Scores, has).Primary.Value);
        // What is not a number is wrong, as if all were said the other way.
        Score unknown = Evaluate([.. Enumerable.Repeat(float.NaN, has.Length)], has);
        Score opposite = Evaluate(Array.ConvertAll(right, s => -s), has);
        Assert.Equal(opposite.Values.Select(v => v.Value), unknown.Values.Select(v => v.Value));
    }

    [Fact]
    public void WhatASigmoidMakesIsProbabilities()
    {
        Network After(params string[] types)
        {
            string[] names = ["x", .. types.Select((_, i) => $"v{i}")];
            var type = new TensorType(ElementType.Float32, new Shape(-1, 3));
            return new Network(
                "n",
                [new ValueInfo("x", type)],
                [new ValueInfo(names[^1], type)],
                [.. types.Select((t, i) => TaskFixtures.Node(t, names[i], names[i + 1]))],
                []
            );
        }
        var data = new ArraySource(
            "s",
            [new("x", Tensor.Zeros(ElementType.Float32, new Shape(2, 3)))],
            [new("y", Tensor.Zeros(ElementType.UInt8, new Shape(2, 3)))]
        );
        bool Are(Network network, LabelScores scores = LabelScores.Auto) =>
            new MultiLabel(new MultiLabelOptions { Outputs = scores }).AreProbabilities(network, data);
        Assert.True(Are(After("Sigmoid")));
        Assert.True(Are(After("Relu", "Sigmoid", "Identity", "Flatten")));
        Assert.False(Are(After("Sigmoid", "Relu")));
        Assert.False(Are(After("Identity")));
        Assert.False(Are(After("Sigmoid"), LabelScores.Logits));
        Assert.True(Are(After("Relu"), LabelScores.Probabilities));
    }

    [Fact]
    public void TheThresholdIsAProbability()
    {
        bool[] has = [.. Enumerable.Range(0, Count * Labels).Select(i => i % 2 == 0)];
        float[] probabilities = Array.ConvertAll(has, h => h ? 0.7f : 0.6f),
            logits = Array.ConvertAll(probabilities, p => MathF.Log(p / (1 - p)));
        var options = new MultiLabelOptions { Threshold = 0.65 };
        Assert.Equal(1, Evaluate(logits, has, options)["micro F1"]);
        Assert.Equal(2 / 3.0, Evaluate(logits, has)["micro F1"], 12);
        options = options with { Outputs = LabelScores.Probabilities };
        Assert.Equal(1, Evaluate(probabilities, has, options)["micro F1"]);
    }

    [Fact]
    public void OtherTargetsAreRefused()
    {
        Network network = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 3)));
        Assert.Equal(
            "data set 'said' has no targets; multi-label needs one target, N×labels of 0 and 1; outputs and targets "
                + "fit fidelity to another network",
            TaskFixtures.Refusal(new MultiLabel(), network, TaskFixtures.Data(2))
        );
        Tensor four = Tensor.Zeros(ElementType.Float32, new Shape(2, 4));
        Assert.Contains(
            "multi-label needs an output of floats, N×4 as target 'l' Float32 4; the network has 'y' Float32",
            TaskFixtures.Refusal(new MultiLabel(), network, TaskFixtures.Data(2, ("l", four)))
        );
        Tensor[] made = [Tensor.Zeros(ElementType.Float32, new Shape(2, 1))];
        Assert.Contains(
            "a target of multi-label is 2",
            Assert
                .Throws<DataException>(() =>
                    TaskFixtures.Evaluate(
                        new MultiLabel(),
                        [("y", made[0])],
                        [("l", Tensor.Of(new Shape(2, 1), [1f, 2]))]
                    )
                )
                .Message
        );
        Assert.Contains(
            "no example has a label",
            Assert
                .Throws<DataException>(() =>
                    TaskFixtures.Evaluate(new MultiLabel(), [("y", made[0])], [("l", made[0])])
                )
                .Message
        );
    }
}

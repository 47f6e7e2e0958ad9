using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;
using ElementType = Decant.Core.ElementType;

namespace Decant.Tests.Data.Tasks;

[Collection("libtorch")]
public sealed class RegressionTests
{
    private static Score Evaluate(Tensor made, Tensor target) =>
        TaskFixtures.Evaluate(new Regression(), [("y", made)], [("t", target)]);

    [TorchFact]
    public void MetricsAreThoseThatLibtorchComputes()
    {
        var random = Rng.For(1, "regression");
        foreach (int[] shape in new[] { new[] { 7, 1 }, [130, 3], [20, 2, 3, 4] })
        {
            Tensor made = TaskFixtures.Floats(random, shape),
                target = TaskFixtures.Floats(random, shape);
            using var scope = new TorchScope();
            TorchTensor y = made.ToTorch().To(TorchType.Float64),
                t = target.ToTorch().To(TorchType.Float64),
                difference = y.Sub(t);
            double noise = difference.Pow(2).Sum().ToDouble(),
                variation = t.Sub(t.Mean([0], keep: true)).Pow(2).Sum().ToDouble();
            Score score = Evaluate(made, target);
            Assert.Equal(["RMSE", "MAE", "R²"], score.Values.Select(v => v.Name));
            Assert.Equal(Math.Sqrt(y.MseLoss(t).ToDouble()), score.Primary.Value, 12);
            Assert.Equal(difference.Abs().Mean().ToDouble(), score["MAE"], 12);
            Assert.Equal(1 - noise / variation, score["R²"], 9);
            TaskFixtures.InvariantOf(new Regression(), [("y", made)], [("t", target)], random);
        }
    }

    [Fact]
    public void WhatIsEqualIsTheBestAndTheMeanExplainsNothing()
    {
        Tensor target = TaskFixtures.Floats(Rng.For(2, "regression"), 30, 4);
        Score best = Evaluate(target, target);
        Assert.Equal((0, 0, 1), (best["RMSE"], best["MAE"], best["R²"]));
        Assert.Equal(MetricDirection.LowerIsBetter, best.Primary.Direction);
        float[] values = target.Array<float>();
        float[] means = [.. Enumerable.Range(0, 4).Select(c => values.Where((_, i) => i % 4 == c).Average())];
        Tensor constant = Tensor.Of(target.Shape, [.. values.Select((_, i) => means[i % 4])]);
        Assert.Equal(0, Evaluate(constant, target)["R²"], 1e-6);
        // Shares of variation are of each column: one that lies far from the others adds none.
        float[] far = [.. values.Select((v, i) => v + 1e4f * (i % 4))];
        float[] zeros = new float[far.Length];
        Assert.True(Evaluate(Tensor.Of(target.Shape, zeros), Tensor.Of(target.Shape, far))["R²"] < -1e6);
        Tensor same = Tensor.Of(target.Shape, zeros);
        Assert.Equal((1, 0), (Evaluate(same, same)["R²"], Evaluate(target, same)["R²"]));
    }

    [Fact]
    public void AxesOfOneElementAndTypesDoNotMatter()
    {
        float[] values = [1, 2, 4];
        Tensor made = Tensor.Of(new Shape(3, 1), values);
        foreach (
            Tensor target in new[]
            {
                Tensor.Vector(1f, 2, 7),
                Tensor.Vector(1.0, 2, 7),
                Tensor.Vector(1L, 2, 7),
                Tensor.Vector<byte>(1, 2, 7),
                Tensor.Vector((Half)1, (Half)2, (Half)7),
            }
        )
            Assert.Equal(Math.Sqrt(3), Evaluate(made, target)["RMSE"], 12);
    }

    [Fact]
    public void TheOutputOfTheTargetsNameIsScored()
    {
        Tensor wrong = Tensor.Of(new Shape(2, 1), [5f, 5]),
            right = Tensor.Of(new Shape(2, 1), [1f, 2]);
        (string, Tensor)[] outputs = [("a", wrong), ("b", right), ("c", Tensor.Of(new Shape(2, 2), new float[4]))];
        double Rmse(string target, Tensor values) =>
            TaskFixtures.Evaluate(new Regression(), outputs, [(target, values)]).Primary.Value;
        Assert.Equal(0, Rmse("b", right));
        Assert.Equal(0, Rmse("t", wrong));
        Assert.Equal(0, Rmse("t", outputs[2].Item2));
        Assert.Contains(
            "regression needs an output of floats in the shape of target 't' Float32 3; the network has 'a' Float32",
            Assert.Throws<DataException>(() => Rmse("t", Tensor.Of(new Shape(2, 3), new float[6]))).Message
        );
    }

    [Fact]
    public void AShapeThatIsKnownOnlyWhenTheNetworkRunsIsCheckedThen()
    {
        Network network = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, -1)));
        ArraySource data = TaskFixtures.Data(2, ("t", Tensor.Of(new Shape(2, 3), new float[6])));
        new Regression().CheckFits(network, data);
        using var executor = new ReferenceExecutor(network);
        Assert.Contains(
            "in the shape of target 't' Float32 3; the network has 'y' Float32 2×1; outputs and targets fit fidelity",
            Assert
                .Throws<DataException>(() => new Regression().Evaluate(network, executor, data, Preprocessing.None))
                .Message
        );
    }
}

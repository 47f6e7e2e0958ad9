using Decant.Core;
using Decant.Techniques;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.HardConcrete;

[Collection("libtorch")]
public sealed class L0RegularizationTests
{
    [Theory]
    [InlineData("weight", "588 gates")]
    [InlineData("neuron", "12 gates")]
    [InlineData("filter", "12 gates")]
    [InlineData("channel", "49 gates")]
    public void ThePlanCountsGates(string over, string gates)
    {
        Network network = TinyRun.Network();
        PlannedChange change = Options
            .Make("l0-regularization", ("strength", "0.1"), ("over", over))
            .Plan(new TechniqueContext(network, [network.Weights["fc1.weight"]]))
            .Single();
        Assert.Equal($"{gates}, strength 0.1, while it trains", change.What);
        Assert.Same(network, change.Apply(network));
    }

    [TorchFact]
    public void GatesBeginWhereTheDropRateSaysAndWithTheSeed()
    {
        Network network = TinyRun.Network();
        float[] first = Start(1),
            again = Start(1),
            other = Start(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(Math.Log(4), first.Average(), 0.003);
        Assert.All(first, a => Assert.InRange(a, Math.Log(4) - 0.06, Math.Log(4) + 0.06));

        float[] Start(ulong seed)
        {
            using TrainingHook hook = Options
                .Make("l0-regularization", ("strength", "0.1"), ("drop-rate", "0.2"))
                .During(new TechniqueContext(network, [network.Weights["fc1.weight"]]) { Seed = seed })!;
            using WeightParameterization parameterization = hook.Parameterize(network.Weights["fc1.weight"])!;
            Assert.Null(hook.Parameterize(network.Weights["fc2.weight"]));
            return parameterization.Tensors[1].Tensor.ToArray<float>();
        }
    }

    [TorchFact]
    public void ThePenaltyIsStrengthTimesTheExpectedCount()
    {
        Network network = TinyRun.Network();
        using TrainingHook hook = Options
            .Make("l0-regularization", ("strength", "0.01"))
            .During(new TechniqueContext(network, [network.Weights["fc1.weight"], network.Weights["fc2.weight"]]))!;
        using var torch = new TrainingNetwork(network, hook.Parameterize);
        using var scope = new TorchScope();
        hook.Begin(torch);
        double penalty = hook.Penalty(new TrainingStep(torch, Ops.Zeros([1]), Ops.Zeros([1]), Ops.Zeros([1]), 0, 1))!
            .ToDouble();
        double open = HardConcreteTests.Sigmoid(Math.Log(9) - 2.0 / 3 * Math.Log(0.1 / 1.1));
        Assert.Equal(0.01 * (588 + 120) * open, penalty, 1e-3);
    }

    [TorchFact]
    public void AHardPenaltyThatClosesAllGatesIsSaid()
    {
        const string Recipe =
            "recipe: r\ntechniques:\n  l0: {technique: l0-regularization, weights: fc1.weight, strength: "
            + "10, over: channel}\nstages:\n  - {name: t, use: l0, epochs: 10, batch: 20, learning-rate: 0.1}";
        Assert.Matches(
            "all gates of weight 'fc1.weight' closed; use a lower 'strength' than 10",
            Assert.Throws<TrainingException>(() => TinyRun.Run(TinyRun.Options(null), Recipe)).Message
        );
    }

    [Fact]
    public void SharedWeightsAreRefused()
    {
        var shared = new Weight("w", new CodebookEncoding(new Shape(2, 2), [1f], new byte[4], false));
        Assert.Contains(
            "'w' is codebook",
            Assert
                .Throws<ModelException>(() => Options.Make("l0-regularization", ("strength", "1")).Plan([shared]))
                .Message
        );
    }
}

using Decant.Core;
using Decant.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.ArchitectureLearning;

[Collection("libtorch")]
public sealed class GateTrainingTests
{
    [TorchFact]
    public void ThePenaltyIsThatOfThePaper()
    {
        (string, string)[] options =
        [
            ("lambda1", "0.5"),
            ("lambda2", "0.25"),
            ("lambda3", "0.125"),
            ("lambda4", "0.0625"),
        ];
        // w: Σ w(1 − w) = 0.25 + 0.1875 + 4·0, Σ w = 0.5 + 0.75 + 2; d(1 − d) = 0.16.
        double penalty = 0.5 * 0.4375 + 0.125 * 3.25 + 0.25 * 0.16 - 0.0625 * 0.2;
        Assert.Equal(penalty, Penalty(options), 1e-6);
        // Four of six gates are open: with such a target λ3 has no part in it, with a smaller one it has.
        Assert.Equal(penalty - 0.125 * 3.25, Penalty([.. options, ("target", "4")]), 1e-6);
        Assert.Equal(penalty, Penalty([.. options, ("target", "3")]), 1e-6);
    }

    [TorchFact]
    public void GatesStayBetweenNoughtAndOneAndWeightDecaySparesThem()
    {
        Network gated = GatedNetworks.Run(
            TinyRun.Network(),
            Options.Make("architecture-learning", ("initial", "1")),
            "fc1.weight"
        );
        // λ1 holds gates at 1 where they begin; decay of 1 a step would not.
        using TrainingHook hook = Hook(gated, ("lambda1", "100"), ("lambda3", "0"));
        var options = new TrainingOptions
        {
            Epochs = 1,
            LearningRate = 0.5,
            WeightDecay = 1,
        };
        Network trained = new Trainer(options, TinyRun.Train, Preprocessing.Parse("scale=0.004"), null, hook).Train(
            gated
        );
        Assert.All(trained.Weights["fc1.tsrelu.w"].Encoding.Values(), w => Assert.Equal(1, w));
    }

    [TorchFact]
    public void ALayerNarrowsToItsTarget()
    {
        var (_, report) = TinyRun.Run(
            TinyRun.Options(null),
            """
            recipe: tiny
            techniques:
              gate: {technique: architecture-learning, weights: fc1.weight, target: 5,
                     lambda1: 0.1, lambda2: 0, lambda3: 0.2, lambda4: 0}
              settle: {technique: settle-architecture}
            stages:
              - {name: learn, use: gate, epochs: 20, batch: 20, learning-rate: 0.02, schedule: constant}
              - {name: settle, use: settle}
            """,
            TinyRun.Network()
        );
        Assert.Equal("5×49", report.Stages[^1].Layers.Single(l => l.Name == "fc1.weight").Shape);
    }

    private static double Penalty((string, string)[] options)
    {
        Network gated = GatedNetworks
            .Gated(GatedNetworks.Plain(1))
            .With("fc1.tsrelu.w", 0, 0, 0.5f, 0.75f, 1, 1)
            .With("fc1.tsrelu.d", 0.2f);
        using TrainingHook hook = Hook(gated, options);
        using var scope = new TorchScope();
        using var network = new TrainingNetwork(gated, hook.Parameterize);
        TorchTensor images = TorchTensor.From<float>(new float[64], 1, 1, 8, 8),
            labels = TorchTensor.From<long>([0], 1);
        return hook.Penalty(
                    new TrainingStep(network, images, labels, network.Forward(training: true, images)[0], 0, 1)
                )!
            .ToDouble();
    }

    private static TrainingHook Hook(Network gated, params (string, string)[] options) =>
        Options.Make("architecture-learning", options).During(GatedNetworks.Context(gated, "fc1.weight"))!;
}

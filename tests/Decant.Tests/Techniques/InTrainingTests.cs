using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques;

/// <summary>Techniques that act while a network trains, in whole runs.</summary>
[Collection("libtorch")]
public sealed class InTrainingTests
{
    private const string Yaml = """
        recipe: in-training
        techniques:
          gradual: {technique: gradual-pruning, weights: fc2.weight, level: 0.6, every: 5}
          gates: {technique: l0-regularization, weights: fc1.weight, strength: 0.001, drop-rate: 0.7}
          decay: {technique: regularization, weights: "*.bias", kind: hanson-pratt, strength: 0.001, w0: 0.1}
          lasso:
            {technique: regularization, weights: fc1.weight, kind: drop-neuron-out, strength: 0.03,
             proximal: true, warm-up: 0.5}
          li: {technique: regularization, kind: drop-neuron-in, strength: 0.0001}
          find: {technique: find-structure}
        stages:
          - {name: gates, use: [gates, gradual, decay], epochs: 3, batch: 20, learning-rate: 0.1}
          - {name: lasso, use: [lasso, li], epochs: 3, batch: 20, optimizer: sgd, learning-rate: 0.05, momentum: 0.5}
          - {name: find, use: find}
        """;

    [TorchFact]
    public void ARunCutOffAnywhereAndResumedGivesTheSameBytesAndZerosAreFound()
    {
        int reports = 0;
        Network network = TinyRun.Network();
        byte[] whole = TinyRun.Run(TinyRun.Options(null), Yaml, network, _ => reports++).Bytes;
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(null), Yaml, network).Bytes);
        Assert.NotEqual(whole, TinyRun.Run(TinyRun.Options(null) with { Seed = 2 }, Yaml, network).Bytes);
        for (int cut = 3; cut <= reports; cut += 2)
        {
            using var folder = new TemporaryFolder();
            using var stop = new CancellationTokenSource();
            int seen = 0;
            Assert.ThrowsAny<OperationCanceledException>(() =>
                TinyRun.Run(
                    TinyRun.Options(folder["run"]),
                    Yaml,
                    network,
                    _ =>
                    {
                        if (++seen == cut)
                            stop.Cancel();
                    },
                    stop.Token
                )
            );
            Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true), Yaml, network).Bytes);
        }
    }

    [TorchFact]
    public void WhatTrainingMadeZeroIsSparseInTheFile()
    {
        var report = TinyRun.Run(TinyRun.Options(null), Yaml).Report;
        var layers = report.Stages[^1].Layers;
        Assert.Equal(48, layers.Single(l => l.Name == "fc2.weight").NonZeros);
        long gated = report.Stages.Single(s => s.Name == "gates").Layers.Single(l => l.Name == "fc1.weight").NonZeros;
        Assert.InRange(gated, 1, 500);
        Assert.InRange(layers.Single(l => l.Name == "fc1.weight").NonZeros, 1, gated - 1);
    }
}

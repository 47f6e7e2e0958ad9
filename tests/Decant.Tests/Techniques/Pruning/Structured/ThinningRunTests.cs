using Decant.Core;
using Decant.Runs;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

/// <summary>Runs whose rounds make the network smaller.</summary>
[Collection("libtorch")]
public sealed class ThinningRunTests
{
    private const string Yaml = """
        recipe: thin
        techniques:
          thin: {technique: structured-pruning, level: 0.5, at-most: 0.4}
          zeros: {technique: weight-pruning, level: 0.3}
          dead: {technique: remove-dead}
        stages:
          - {name: zeros, use: zeros, epochs: 1}
          - {name: thin, use: [thin, dead], rounds: 2, epochs: 2, batch: 20, learning-rate: 0.02}
        """;

    [TorchFact]
    public void ARunCutOffAnywhereAndResumedGivesTheSameBytes()
    {
        int reports = 0;
        byte[] whole = TinyRun.Run(TinyRun.Options(null), Yaml, seen: _ => reports++).Bytes;
        for (int cut = 2; cut <= reports; cut += 2)
        {
            using var folder = new TemporaryFolder();
            using var stop = new CancellationTokenSource();
            int seen = 0;
            Assert.ThrowsAny<OperationCanceledException>(() =>
                TinyRun.Run(TinyRun.Options(folder["run"]), Yaml, cancellation: stop.Token, seen: _ =>
                {
                    if (++seen == cut)
                        stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                })
            );
            Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true), Yaml).Bytes);
        }
    }

    [TorchFact]
    public void ImagesAreAskedForWhereTheCriterionNeedsThem()
    {
        Network network = TinyRun.Network();
        foreach (
            string technique in new[]
            {
                "structured-pruning, level: 0.5, criterion: taylor",
                "layer-removal, unit: layer, count: 1, criterion: similarity",
            }
        )
        {
            string yaml = $"recipe: r\ntechniques:\n  t: {{technique: {technique}}}\nstages:\n  - {{name: s, use: t}}";
            Assert.Contains(
                "looks at training data, and the run has none",
                Assert.ThrowsAny<DecantException>(() => TinyRun.Run(new CompressionOptions(), yaml, network)).Message
            );
        }
        var context = new Decant.Techniques.TechniqueContext(
            network,
            [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)]
        )
        {
            Reference = network,
        };
        Assert.Contains(
            "'taylor'",
            Assert
                .Throws<DataException>(() =>
                    Options.Make("structured-pruning", ("level", "0.5"), ("criterion", "taylor")).Plan(context)
                )
                .Message
        );
        Assert.Equal(
            6,
            Options
                .Make("structured-pruning", ("level", "0.5"), ("criterion", "taylor"))
                .Apply(context with { Data = TinyRun.Train })
                .Extent("fc1.weight")
        );
    }
}

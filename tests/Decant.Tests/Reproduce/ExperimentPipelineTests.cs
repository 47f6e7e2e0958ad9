using System.Globalization;
using Decant.Pipelines;
using Decant.Reproduce;
using Xunit;

namespace Decant.Tests.Reproduce;

/// <summary>Experiments' pipelines, beside the recipes that say the same.</summary>
public sealed class ExperimentPipelineTests
{
    private const string Connect = "recipe: binary-connect\nhold-out: 10000\n";

    private const string Learn = "stages:\n  - {name: train, use: signs, ";

    [Theory]
    [InlineData(0.8, 18)]
    [InlineData(0.25, 2)]
    public void Tickets(double keep, int rounds)
    {
        TicketPlan plan = rounds == 2 ? TicketPlan.Quick : TicketPlan.Full;
        Assert.Equal((keep, rounds), (plan.Keep, plan.Rounds));
        Same(
            $$"""
            recipe: lottery-ticket
            hold-out: {{plan.HoldOut}}
            stages:
              - {name: train, epochs: 4, batch: 60, learning-rate: 0.0012}
            """,
            plan.Training
        );
        for (int round = 1; round <= rounds; round++)
            Same(
                $$$"""
                recipe: lottery-ticket-mask
                techniques:
                  hidden: {technique: weight-pruning, weights: [fc1.weight, fc2.weight], level: {{{Gone(keep, round)}}}}
                  output: {technique: weight-pruning, weights: fc3.weight, level: {{{Gone((1 + keep) / 2, round)}}}}
                stages:
                  - {name: prune, use: [hidden, output]}
                """,
                plan.Pruning(round)
            );

        static string Gone(double keep, int round) =>
            (1 - Math.Pow(keep, round)).ToString("0.######", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void TrainingAlone()
    {
        Same(
            """
            recipe: supermask-dense
            hold-out: 5000
            stages:
              - {name: train, epochs: 10, batch: 60, learning-rate: 0.0012}
            """,
            TrainedMasks.Training(5000)
        );
        Same(
            """
            recipe: weight-agnostic-trained
            hold-out: 5000
            stages:
              - {name: train, epochs: 5, batch: 100, learning-rate: 0.003}
            """,
            AgnosticTrial.Training(quick: false)
        );
        Same(
            """
            recipe: rethinking-train
            stages:
              - {name: train, epochs: 16, learning-rate: 0.001}
            """,
            RethinkingExperiment.Training(16)
        );
        Same(
            """
            recipe: from-scratch
            stages:
              - {name: train, epochs: 10, learning-rate: 0.002, augment: {shift: 1}}
            """,
            ArchitectureLearningExperiment.FromScratch()
        );
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(false, 5000)]
    public void Xnor(bool quick, int holdOut) =>
        Same(
            $$$"""
            recipe: xnor
            hold-out: {{{holdOut}}}
            techniques:
              read: {technique: binary-activations, weights: [conv2.weight, fc1.weight]}
              signs: {technique: binarization, kind: binary-weights, weights: [conv2.weight, fc1.weight]}
              ends: {technique: weight-quantization, bits: 8, weights: [conv1.weight, fc2.weight]}
              vectors: {technique: weight-quantization, bits: 12, per: tensor, range: min-max,
                weights: ["*.bias", "bn?.weight", "bn?.running_*"]}
            stages:
              - {name: place, use: read}
              - {name: learn, use: signs, epochs: 40, batch: 100, learning-rate: 0.001, augment: {shift: 1}}
              - {name: round, use: [ends, vectors]}
            """,
            XnorExperiment.Recipe(quick)
        );

    [Fact]
    public void BinaryConnect()
    {
        string[] recipes =
        [
            $$"""
                {{Connect}}
                stages:
                  - {name: train, epochs: 60, batch: 200, learning-rate: 0.001}
                """,
            $$"""
                {{Connect}}
                techniques:
                  signs: {technique: binarization, kind: binary-connect, scale: 0.03, weights: "fc*.weight"}
                {{Learn}}epochs: 60, batch: 200, learning-rate: 0.001}
                """,
            $$"""
                {{Connect}}
                techniques:
                  signs: {technique: binarization, kind: stochastic-binary-connect, scale: 0.03, clip: 0.024,
                    weights: "fc*.weight"}
                {{Learn}}epochs: 80, batch: 200, learning-rate: 0.001}
                  - {name: statistics, epochs: 1, batch: 200, learning-rate: 1e-7}
                """,
        ];
        Same(recipes, BinaryConnectExperiment.Variants.Select(v => v.Recipe(quick: false)));
    }

    [Theory]
    [InlineData(
        "gupta-fixed-point",
        "integer: 2, fraction: 14, rounding: stochastic",
        "integer: 2, fraction: 14",
        "integer: 4, fraction: 12, rounding: stochastic",
        "integer: 4, fraction: 12",
        "integer: 6, fraction: 10, rounding: stochastic",
        "integer: 6, fraction: 10"
    )]
    [InlineData(
        "dynamic-fixed-point",
        "point: dynamic, bits: 10, update-bits: 12",
        "point: dynamic, bits: 12, update-bits: 16",
        "integer: 5, fraction: 7",
        "integer: 5, fraction: 11"
    )]
    public void FixedPoint(string name, params string[] options)
    {
        const string Training = "epochs: 20, batch: 100, optimizer: sgd, momentum: 0, learning-rate: 0.1";
        string floats = $"recipe: {name}\nstages:\n  - {{name: train, {Training}}}";
        IEnumerable<string> few = options.Select(o =>
            $$$"""
                recipe: {{{name}}}
                techniques:
                  few: {technique: fixed-point, weights: "*", {{{o}}}}
                stages:
                  - {name: train, use: few, {{{Training}}}}
                """
        );
        var experiment = (FixedPointTrainingExperiment)ExperimentCatalogue.Find(name);
        Same([floats, .. few], experiment.Variants.Select(v => v.Recipe(name, quick: false)));
    }

    [Fact]
    public void Supermasks()
    {
        (string Values, bool Rescale)[] variants =
        [
            ("initial", false),
            ("signed-constant", false),
            ("initial", true),
            ("signed-constant", true),
        ];
        Same(
            variants.Select(v =>
                $$$"""
                    recipe: supermask
                    hold-out: 5000
                    techniques:
                      mask:
                        {technique: supermask, weights: "*.weight", values: {{{v.Values}}}, rescale: {{{v.Rescale}}}}
                    stages:
                      - {name: learn, use: mask, epochs: 20, batch: 100, learning-rate: 0.05, augment: {shift: 1}}
                    """.ToLowerInvariant()
            ),
            SupermaskExperiment.Variants.Select(v => v.Recipe(5000, 100))
        );
    }

    [Fact]
    public void SharedValues() =>
        Same(
            """
            recipe: weight-agnostic
            hold-out: 5000
            techniques:
              connections: {technique: supermask, weights: "*.weight", values: shared, low: -1.5, high: 2}
            stages:
              - {name: learn, use: connections, epochs: 15, batch: 100, learning-rate: 0.1}
            """,
            AgnosticTrial.Connections(-1.5, 2, quick: false)
        );

    [Fact]
    public void VectorRates()
    {
        string[] techniques =
        [
            "binarization",
            .. Enumerable.Range(1, 5).Select(b => $"weight-clustering, bits: {b}"),
            .. new[] { (8, 2), (8, 4), (4, 2), (4, 4), (4, 6), (2, 4), (2, 6) }.Select(p =>
                $"vector-quantization, codebooks: columns, length: {p.Item1}, bits: {p.Item2}"
            ),
            .. new[] { (32, 1), (16, 1), (16, 2), (8, 1), (8, 2), (8, 3) }.Select(p =>
                $"vector-quantization, length: {p.Item1}, bits: 8, stages: {p.Item2}"
            ),
        ];
        VectorRatesExperiment.Attempt[] attempts = [.. VectorRatesExperiment.Methods.SelectMany(m => m.Attempts)];
        Assert.Equal(techniques.Select(t => string.Join(", ", t.Split(", ").Skip(1))), attempts.Select(a => a.What));
        Same(
            techniques.Select(t =>
                $$"""
                    recipe: vector-quantization
                    techniques:
                      few: {technique: {{t}}, weights: fc1.weight}
                    stages:
                      - {name: few, use: few}
                    """
            ),
            attempts.Select(a => a.Recipe)
        );
    }

    [Fact]
    public void DeepCompressionBits() =>
        Same(
            """
            recipe: deep-compression-bits
            techniques:
              conv: {technique: weight-clustering, weights: "conv*.weight", bits: 8}
              fc: {technique: weight-clustering, weights: "fc*.weight", bits: 5}
              biases: {technique: weight-clustering, weights: "*.bias", bits: 4}
            stages:
              - {name: share, use: [conv, fc, biases], epochs: 1, learning-rate: 0.0002, augment: {shift: 1}}
            """,
            DeepCompressionBitsExperiment.Share(8, 5)
        );

    [Fact]
    public void Rethinking() =>
        Same(
            """
            recipe: rethinking-prune
            techniques:
              prune: {technique: structured-pruning, criterion: magnitude, norm: l1, level: 0.3}
            stages:
              - {name: prune, use: prune, epochs: 3, learning-rate: 0.0003}
            """,
            RethinkingExperiment.Pruning(0.3, 3)
        );

    [Theory]
    [InlineData("0")]
    [InlineData("0.0001")]
    public void DropNeuronWithoutGroups(string strength) =>
        Same(
            $$$"""
            recipe: drop-neuron-without-groups
            techniques:
              l1: {technique: regularization, weights: "fc*.weight", kind: l1, strength: {{{strength}}}}
              prune: {technique: weight-pruning, weights: "fc*.weight", threshold: 0.02}
              drop: {technique: remove-dead}
            stages:
              - {name: regularize, use: l1, epochs: 6, learning-rate: 0.001, augment: {shift: 1}}
              - {name: prune, use: [prune, drop], epochs: 5, learning-rate: 0.001, augment: {shift: 1}}
            """,
            DropNeuronExperiment.WithoutGroups(double.Parse(strength, CultureInfo.InvariantCulture))
        );

    private static void Same(string recipe, Pipeline pipeline) => Same([recipe], [pipeline]);

    /// <summary>Runs that were begun go on only with pipelines of the same identity.</summary>
    private static void Same(IEnumerable<string> recipes, IEnumerable<Pipeline> pipelines)
    {
        Pipeline[] read = [.. recipes.Select(r => Pipeline.Parse(r, "a recipe"))],
            made = [.. pipelines];
        Assert.Equal(read.Select(p => p.ToYaml()), made.Select(p => p.ToYaml()));
        Assert.Equal(read.Select(p => p.Identity), made.Select(p => p.Identity));
    }
}

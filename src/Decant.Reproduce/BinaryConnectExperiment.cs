using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Binarization;
using Decant.Training;
using Decant.Zoo;

namespace Decant.Reproduce;

/// <summary>
/// Courbariaux, Bengio, David (NIPS 2015), MNIST without its geometry: a multilayer perceptron of three layers of 1,024
/// with batch normalization, its weights as they are, as signs, and as signs that are drawn.
/// </summary>
internal sealed class BinaryConnectExperiment : IExperiment
{
    // Batch normalization makes a layer's scale indifferent; signs of ±0.03 are as large as weights begin.
    private const double Scale = 0.03;

    /// <summary>Weights as they are, as signs, and as signs that are drawn.</summary>
    internal static readonly Variant[] Variants =
    [
        new("none", null, 1.45, 1.30),
        new(
            "deterministic",
            new WeightBinarizationOptions { Kind = BinarizationKind.BinaryConnect, Scale = Scale },
            1.45,
            1.29
        ),
        // Held within a smaller clip, no sign is ever certain, so that the noise lasts.
        new(
            "stochastic",
            new WeightBinarizationOptions
            {
                Kind = BinarizationKind.StochasticBinaryConnect,
                Scale = Scale,
                Clip = 0.024,
            },
            1.35,
            1.18
        ),
    ];

    /// <inheritdoc/>
    public string Name => "binary-connect";

    /// <inheritdoc/>
    public string Description =>
        "a multilayer perceptron on MNIST with weights of one bit in training: none, deterministic, stochastic";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(
            setting,
            setting.SetFor("mnist"),
            progress,
            cancellation,
            setting.Quick ? 2000 : int.MaxValue
        );
        return [.. Variants.SelectMany(v => Row(work, v, setting.Quick))];
    }

    private static IEnumerable<ResultRow> Row(ExperimentRuns work, Variant variant, bool quick)
    {
        CompressionReport report = work.Compress(
            variant.Name,
            Perceptron(quick ? 64 : 1024),
            variant.Recipe(quick),
            1
        ).Report;
        double error = 100 * (1 - report.After!.Primary.Value);
        string row = $"{variant.Name}: test error (paper {variant.Paper:0.00})";
        yield return quick
            ? ResultRow.Reported(row, error, "%")
            : ResultRow.AtMost(row, error, variant.Must, variant.Paper, "%");
        yield return ResultRow.Reported($"{variant.Name}: file, of {report.Stages[0].Bytes:N0}", report.Bytes, "bytes");
    }

    private static Network Perceptron(int hidden)
    {
        NetworkBuilder builder = new NetworkBuilder("perceptron", 1, new Shape(Shape.Unknown, 1, 28, 28)).Flatten(
            "flat"
        );
        for (int i = 1; i <= 3; i++)
            builder.Gemm($"fc{i}", hidden).BatchNorm($"bn{i}").Relu($"relu{i}");
        return builder.Gemm("fc4", 10).BatchNorm("bn4").Build();
    }

    /// <summary>A way to hold weights.</summary>
    /// <param name="Name">What rows call it.</param>
    /// <param name="Signs">How weights become signs; null if they do not.</param>
    /// <param name="Must">The most error in percent.</param>
    /// <param name="Paper">The paper's error in percent.</param>
    internal sealed record Variant(string Name, WeightBinarizationOptions? Signs, double Must, double Paper)
    {
        private bool IsDrawn => Signs?.Kind == BinarizationKind.StochasticBinaryConnect;

        private int Epochs => IsDrawn ? 80 : 60;

        private ValueList<TechniqueUse> Uses =>
            Signs is null
                ? []
                : [new TechniqueUse("signs", new WeightBinarization(Signs)) { Weights = ["fc*.weight"] }];

        /// <summary>What is done to the network.</summary>
        public Pipeline Recipe(bool quick) =>
            new()
            {
                Name = "binary-connect",
                HoldOut = quick ? 200 : 10_000,
                Stages =
                [
                    new PipelineStage
                    {
                        Name = "train",
                        Uses = Uses,
                        Training = new TrainingOptions { Epochs = quick ? 30 : Epochs, BatchSize = 200 },
                    },
                    .. IsDrawn ? [Statistics] : Array.Empty<PipelineStage>(),
                ],
            };

        // Batch normalization saw drawn signs; the numbers that answer are shown to it at the end.
        private static PipelineStage Statistics =>
            new()
            {
                Name = "statistics",
                Training = new TrainingOptions
                {
                    Epochs = 1,
                    BatchSize = 200,
                    LearningRate = 1e-7,
                },
            };
    }
}

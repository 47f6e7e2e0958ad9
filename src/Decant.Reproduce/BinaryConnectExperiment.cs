using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Zoo;

namespace Decant.Reproduce;

/// <summary>
/// Courbariaux, Bengio, David (NIPS 2015), MNIST without its geometry: a multilayer perceptron of three layers of 1,024
/// with batch normalization, its weights as they are, as signs, and as signs that are drawn.
/// </summary>
internal sealed class BinaryConnectExperiment : IExperiment
{
    private static readonly Variant[] Variants =
    [
        new("none", null, 1.45, 1.30),
        new("deterministic", "kind: binary-connect, scale: 0.03", 1.45, 1.29),
        new("stochastic", "kind: stochastic-binary-connect, scale: 0.03, clip: 0.024", 1.35, 1.18) { IsDrawn = true },
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
            Pipeline.Parse(variant.Text(quick), "binary-connect"),
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

    private sealed record Variant(string Name, string? Signs, double Must, double Paper)
    {
        /// <summary>Whether signs are drawn.</summary>
        public bool IsDrawn { get; init; }

        private string Techniques =>
            Signs is null ? "" : $"techniques:\n  signs: {{technique: binarization, {Signs}, weights: \"fc*.weight\"}}";

        private int Epochs => IsDrawn ? 80 : 60;

        // Batch normalization saw drawn signs; the numbers that answer are shown to it at the end.
        private string Statistics =>
            IsDrawn ? "\n  - {name: statistics, epochs: 1, batch: 200, learning-rate: 1e-7}" : "";

        // Batch normalization makes a layer's scale indifferent; signs of ±0.03 are as large as weights begin. Held
        // within a smaller clip, no sign is ever certain, so that the noise lasts.
        public string Text(bool quick) =>
            $$"""
                recipe: binary-connect
                hold-out: {{(quick ? 200 : 10_000)}}
                {{Techniques}}
                stages:
                  - {name: train, {{(Signs is null ? "" : "use: signs, ")}}epochs: {{(
                    quick ? 30 : Epochs
                )}}, batch: 200, learning-rate: 0.001}{{Statistics}}
                """;
    }
}

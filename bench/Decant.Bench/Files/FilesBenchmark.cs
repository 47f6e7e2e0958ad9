using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Bench;

/// <summary>How many bytes published networks take in 8 bits and in one, against 32-bit floats.</summary>
internal sealed class FilesBenchmark : IBenchmark
{
    private static readonly string[] Models =
    [
        "lenet-300-100-caffe",
        "lenet-5-caffe",
        "resnet20-cifar10",
        "resnet56-cifar10",
        "squeezenet-v1.0-imagenet",
    ];

    /// <inheritdoc/>
    public string Name => "files";

    /// <inheritdoc/>
    public string Description =>
        "files of published networks, weights in 8 bits and in one, against 32-bit floats; nothing is trained";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run() =>
        [
            .. Models.Select(m => Row(m, "8 bits", "weight-quantization", 3.9, 5)),
            .. Models.Select(m => Row(m, "one bit", "binarization, kind: binary-connect, scale: 0.05", 28, 32)),
        ];

    private static ResultRow Row(string model, string name, string technique, double must, double goal)
    {
        Network network = Decant.Models.Load(RuntimeBenchmark.PathOf(model));
        string yaml = $$"""
            recipe: files
            techniques:
              few: {technique: {{technique}}}
            stages:
              - {name: few, use: few}
            """;
        CompressionReport report = new Compressor(Pipeline.Parse(yaml, "files"), new CompressionOptions())
            .Run(network, null)
            .Report;
        return ResultRow.AtLeast(
            $"{model}, {name}: {report.Bytes:N0} bytes",
            4.0 * report.Stages[0].Layers.Sum(l => l.Parameters) / report.Bytes,
            must,
            goal,
            "x"
        );
    }
}

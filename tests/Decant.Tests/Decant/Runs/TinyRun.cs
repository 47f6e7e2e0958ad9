using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Torch;
using Decant.Zoo;

namespace Decant.Tests.Runs;

/// <summary>A run that takes a moment: 49-12-10 on 200 small digits, two rounds of pruning, one of sharing.</summary>
internal static class TinyRun
{
    public const string Yaml = """
        recipe: tiny
        techniques:
          prune: {technique: weight-pruning, weights: "*.weight", level: 0.8}
          share: {technique: weight-clustering, weights: "*", bits: 3}
        stages:
          - name: prune
            use: prune
            rounds: 2
            epochs: 2
            batch: 20
            learning-rate: 0.02
            augment: {shift: 1}
          - name: share
            use: share
            epochs: 2
            optimizer: sgd
            learning-rate: 0.0001
        """;

    /// <summary>An epoch that another network teaches.</summary>
    public const string Taught =
        "{recipe: taught, techniques: {teach: {technique: knowledge-distillation, from: teacher}}, stages: [{name: "
        + "a, use: teach, epochs: 1}]}";

    public static readonly TorchSettings OneThread = new() { Threads = 1 };

    public static readonly LabelledImages Train = Small(Digits.Make(200)),
        Test = Small(Digits.Make(100, part: DatasetPart.Test));

    public static Network Network(ulong seed = 1, int hidden = 12) =>
        new NetworkBuilder("tiny", seed, new Shape(Shape.Unknown, 1, 7, 7))
            .Flatten("flat")
            .Gemm("fc1", hidden)
            .Relu("relu1")
            .Gemm("fc2", 10)
            .Build();

    /// <summary>Two convolutions and a matrix product, not trained, for the same images.</summary>
    public static Network Convolutions() =>
        new NetworkBuilder("images", 4, new Shape(Shape.Unknown, 1, 7, 7))
            .PaddedConv("conv1", 16, 3)
            .Relu("relu1")
            .PaddedConv("conv2", 16, 3)
            .Relu("relu2")
            .MaxPool("pool", 2, 2)
            .Flatten("flat")
            .Gemm("fc", 10)
            .Build();

    public static CompressionOptions Options(string? folder, bool resume = false) =>
        new()
        {
            Train = Train,
            RunFolder = folder,
            Resume = resume,
            CheckpointEvery = TimeSpan.Zero,
            Torch = OneThread,
        };

    public static (byte[] Bytes, CompressionReport Report) Run(
        CompressionOptions options,
        string yaml = Yaml,
        Network? network = null,
        Action<RunProgress>? seen = null,
        CancellationToken cancellation = default
    )
    {
        var (made, report) = new Compressor(
            Pipeline.Parse(yaml, "tiny.yaml"),
            options with
            {
                Torch = options.Torch ?? OneThread,
            }
        ).Run(network ?? Network(), null, new Callback(seen), cancellation);
        using var stream = new MemoryStream();
        DcntWriter.Write(made, stream, cancellation: cancellation);
        return (stream.ToArray(), report);
    }

    /// <summary>Images of 28×28 as the means of their 4×4 squares.</summary>
    public static LabelledImages Small(LabelledImages data)
    {
        ReadOnlySpan<byte> from = data.Images.Span<byte>();
        var sums = new int[data.Count * 49];
        for (int i = 0; i < from.Length; i++)
            sums[i / 784 * 49 + i / 28 % 28 / 4 * 7 + i % 28 / 4] += from[i];
        return new LabelledImages(
            "small",
            Tensor.Of(new Shape(data.Count, 1, 7, 7), Array.ConvertAll(sums, s => (byte)(s / 16))),
            data.Labels.AsSpan(),
            10
        );
    }

    private sealed class Callback(Action<RunProgress>? seen) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => seen?.Invoke(value);
    }
}

using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Zoo;

namespace Decant.Reproduce;

/// <summary>
/// Rastegari, Ordonez, Redmon, Farhadi (ECCV 2016), LeNet-5 on MNIST in blocks of normalization, sign, convolution and
/// pooling: weights of the second convolution and of the first fully connected layer are signs, and so is what they
/// read. First and last layer have 8 bits, as the paper leaves them out.
/// </summary>
internal sealed class XnorExperiment : IExperiment
{
    /// <inheritdoc/>
    public string Name => "xnor";

    /// <inheritdoc/>
    public string Description =>
        "LeNet-5 on MNIST with weights and activations of one bit, scaled, in XNOR-Net's order of layers";

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
            setting.Quick ? 1000 : int.MaxValue
        );
        return
        [
            .. Enumerable.Range(1, setting.Quick ? 1 : 3).SelectMany(seed => Row(work, (ulong)seed, setting.Quick)),
        ];
    }

    private static IEnumerable<ResultRow> Row(ExperimentRuns work, ulong seed, bool quick)
    {
        CompressionReport report = work.Compress(
            $"seed{seed}",
            Blocks(seed),
            Pipeline.Parse(Text(quick), "xnor"),
            seed
        ).Report;
        double error = 100 * (1 - report.After!.Primary.Value),
            ratio = 4.0 * report.Stages[0].Layers.Sum(l => l.Parameters) / report.Bytes;
        yield return quick
            ? ResultRow.Reported($"seed {seed}: test error", error, "%")
            : ResultRow.AtMost($"seed {seed}: test error", error, 1.2, 0.9, "%");
        yield return ResultRow.AtLeast(
            $"seed {seed}: file of {report.Bytes:N0} bytes against 32-bit floats",
            ratio,
            25,
            30,
            "x"
        );
    }

    private static Network Blocks(ulong seed) =>
        new NetworkBuilder("xnor-lenet-5", seed, new Shape(Shape.Unknown, 1, 28, 28))
            .Conv("conv1", 20, 5)
            .MaxPool("pool1", 2, 2)
            .BatchNorm("bn1")
            .Conv("conv2", 50, 5)
            .MaxPool("pool2", 2, 2)
            .BatchNorm("bn2")
            .Flatten("flat")
            .Gemm("fc1", 500)
            .BatchNorm("bn3")
            .Relu("relu1")
            .Gemm("fc2", 10)
            .Build();

    private static string Text(bool quick) =>
        $$$"""
            recipe: xnor
            hold-out: {{{(quick ? 100 : 5000)}}}
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
            """;
}

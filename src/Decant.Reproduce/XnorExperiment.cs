using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Binarization;
using Decant.Techniques.Quantization;
using Decant.Training;
using Decant.Zoo;

namespace Decant.Reproduce;

/// <summary>
/// Rastegari, Ordonez, Redmon, Farhadi (ECCV 2016), LeNet-5 on MNIST in blocks of normalization, sign, convolution and
/// pooling: weights of the second convolution and of the first fully connected layer are signs, and so is what they
/// read. First and last layer have 8 bits, as the paper leaves them out.
/// </summary>
internal sealed class XnorExperiment : IExperiment
{
    private static readonly ValueList<string> Inner = ["conv2.weight", "fc1.weight"];

    private static readonly TechniqueUse Signs = new(
        "signs",
        new WeightBinarization(new WeightBinarizationOptions { Kind = BinarizationKind.BinaryWeights })
    )
    {
        Weights = Inner,
    };

    private static readonly TechniqueUse Ends = new(
        "ends",
        new WeightQuantization(new WeightQuantizationOptions { Bits = 8 })
    )
    {
        Weights = ["conv1.weight", "fc2.weight"],
    };

    private static readonly TechniqueUse Vectors = new(
        "vectors",
        new WeightQuantization(
            new WeightQuantizationOptions
            {
                Bits = 12,
                Per = ScaleSharing.Tensor,
                Range = new MinMaxRange(),
            }
        )
    )
    {
        Weights = ["*.bias", "bn?.weight", "bn?.running_*"],
    };

    private static readonly TrainingOptions Learning = new()
    {
        Epochs = 40,
        BatchSize = 100,
        LearningRate = 0.001,
        Augmentation = new Augmentation { Shift = 1 },
    };

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

    /// <summary>What is done to the network.</summary>
    internal static Pipeline Recipe(bool quick) =>
        new()
        {
            Name = "xnor",
            HoldOut = quick ? 100 : 5000,
            Stages =
            [
                new PipelineStage
                {
                    Name = "place",
                    Uses =
                    [
                        new TechniqueUse("read", new BinaryActivations(new BinaryActivationsOptions()))
                        {
                            Weights = Inner,
                        },
                    ],
                },
                new PipelineStage
                {
                    Name = "learn",
                    Uses = [Signs],
                    Training = Learning,
                },
                new PipelineStage { Name = "round", Uses = [Ends, Vectors] },
            ],
        };

    private static IEnumerable<ResultRow> Row(ExperimentRuns work, ulong seed, bool quick)
    {
        CompressionReport report = work.Compress($"seed{seed}", Blocks(seed), Recipe(quick), seed).Report;
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
}

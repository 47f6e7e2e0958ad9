using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Clustering;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// The table of bits of Han, Mao, Dally (ICLR 2016): LeNet-5, pruned, its weights shared by fewer and fewer bits.
/// </summary>
internal sealed class DeepCompressionBitsExperiment : IExperiment
{
    private static readonly (int Conv, int Fc, string Paper)[] Bits = [(8, 5, "0.00"), (8, 4, "0.01"), (4, 2, "1.99")];

    /// <inheritdoc/>
    public string Name => "deep-compression-bits";

    /// <inheritdoc/>
    public string Description =>
        "Deep Compression's table of bits: LeNet-5 on MNIST, pruned, clustered at 8/5, 8/4 and 4/2 bits";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(setting, setting.SetFor("mnist"), progress, cancellation);
        Network reference = work.Train("lenet-5", 1).Network;
        work.Compress("lenet-5-seed1", reference, ShippedRecipes.Load("deep-compression", reference), 1);
        return [.. Table(work)];
    }

    /// <summary>The table, after Deep Compression of LeNet-5 with seed 1 in the same folder.</summary>
    public static IEnumerable<ResultRow> Table(ExperimentRuns work)
    {
        (Network reference, CompressionReport trained) = work.Train("lenet-5", 1);
        Pipeline recipe = ShippedRecipes.Load("deep-compression", reference);
        Network pruned = work.Before("lenet-5-seed1", recipe, "share");
        foreach (var (conv, fc, paper) in Bits)
        {
            CompressionReport report = work.Compress($"lenet-5-bits{conv}{fc}", pruned, Share(conv, fc), 1).Report;
            yield return ResultRow.Reported($"LeNet-5, bits {conv}/{fc}: file", report.Bytes, "bytes");
            yield return ResultRow.Reported(
                $"LeNet-5, bits {conv}/{fc}: error increase (paper, AlexNet: {paper})",
                100 * (trained.After!.Primary.Value - report.After!.Primary.Value),
                "points"
            );
        }
    }

    /// <summary>Shares weights by so many bits in convolutions and in fully connected layers.</summary>
    internal static Pipeline Share(int conv, int fc) =>
        new()
        {
            Name = "deep-compression-bits",
            Stages =
            [
                new PipelineStage
                {
                    Name = "share",
                    Uses =
                    [
                        Shared("conv", "conv*.weight", conv),
                        Shared("fc", "fc*.weight", fc),
                        Shared("biases", "*.bias", 4),
                    ],
                    Training = new TrainingOptions
                    {
                        Epochs = 1,
                        LearningRate = 0.0002,
                        Augmentation = new Augmentation { Shift = 1 },
                    },
                },
            ],
        };

    private static TechniqueUse Shared(string name, string weights, int bits) =>
        new(name, new WeightClustering(new WeightClusteringOptions { Bits = bits })) { Weights = [weights] };
}

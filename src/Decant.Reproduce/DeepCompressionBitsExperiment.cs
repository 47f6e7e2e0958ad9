using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;

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
            Pipeline share = Pipeline.Parse(ShareRecipe(conv, fc), $"bits {conv}/{fc}");
            CompressionReport report = work.Compress($"lenet-5-bits{conv}{fc}", pruned, share, 1).Report;
            yield return ResultRow.Reported($"LeNet-5, bits {conv}/{fc}: file", report.Bytes, "bytes");
            yield return ResultRow.Reported(
                $"LeNet-5, bits {conv}/{fc}: error increase (paper, AlexNet: {paper})",
                100 * (trained.After!.Primary.Value - report.After!.Primary.Value),
                "points"
            );
        }
    }

    private static string ShareRecipe(int conv, int fc) =>
        $$$"""
            recipe: deep-compression-bits
            techniques:
              conv: {technique: weight-clustering, weights: "conv*.weight", bits: {{{conv}}}}
              fc: {technique: weight-clustering, weights: "fc*.weight", bits: {{{fc}}}}
              biases: {technique: weight-clustering, weights: "*.bias", bits: 4}
            stages:
              - {name: share, use: [conv, fc, biases], epochs: 1, learning-rate: 0.0002, augment: {shift: 1}}
            """;
}

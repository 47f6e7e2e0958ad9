using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Reproduce;

/// <summary>
/// Han, Mao, Dally (ICLR 2016): both LeNets on MNIST, the table of bits, and the authors' own SqueezeNet coded anew.
/// </summary>
public sealed class DeepCompressionExperiment : IExperiment
{
    private const string SqueezeNetPixels = "scale=1;mean=104,117,123;std=1;channels=bgr";

    private static readonly Target[] Targets =
    [
        new("lenet-300-100", ReferenceError: 1.64, Bytes: 27_000, BytesGoal: 20_000, Error: 1.64, ErrorGoal: 1.58),
        new("lenet-5", ReferenceError: 0.80, Bytes: 44_000, BytesGoal: 30_000, Error: 0.80, ErrorGoal: 0.74),
    ];

    /// <inheritdoc/>
    public string Name => "deep-compression";

    /// <inheritdoc/>
    public string Description =>
        "Deep Compression of LeNet-300-100 and LeNet-5 on MNIST, its table of bits, and SqueezeNet without training";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(setting, setting.SetFor("mnist"), progress, cancellation);
        var rows = new List<ResultRow>();
        foreach (Target target in setting.Quick ? Targets[..1] : Targets)
            for (ulong seed = 1; seed <= (setting.Quick ? 1u : 3u); seed++)
                rows.AddRange(RunTarget(work, target, seed, setting.Quick));
        if (!setting.Quick)
            rows.AddRange(DeepCompressionBitsExperiment.Table(work));
        rows.AddRange(SqueezeNet(setting, progress, cancellation));
        return rows;
    }

    private static IEnumerable<ResultRow> RunTarget(ExperimentRuns work, Target target, ulong seed, bool quick)
    {
        (Network reference, CompressionReport trained) = work.Train(target.Network, seed);
        Pipeline recipe = ShippedRecipes.Load("deep-compression", reference);
        CompressionReport report = work.Compress($"{target.Network}-seed{seed}", reference, recipe, seed).Report;
        string name = $"{target.Network}, seed {seed}:";
        double before = 100 * (1 - trained.After!.Primary.Value),
            after = 100 * (1 - report.After!.Primary.Value);
        // The short form trains too little for the published bounds to mean anything.
        if (quick)
            return
            [
                Row("reference error", before, "%"),
                Row("file", report.Bytes, "bytes"),
                Row("file error", after, "%"),
            ];
        return
        [
            ResultRow.AtMost($"{name} reference error", before, target.ReferenceError, null, "%"),
            ResultRow.AtMost($"{name} file", report.Bytes, target.Bytes, target.BytesGoal, "bytes"),
            ResultRow.AtMost($"{name} file error", after, target.Error, target.ErrorGoal, "%"),
        ];
        ResultRow Row(string what, double measured, string unit) =>
            ResultRow.Reported($"{name} {what}", measured, unit);
    }

    private static IEnumerable<ResultRow> SqueezeNet(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        if (setting.Root.Look("models") is not { } models || setting.Root.Look("imagenet") is not { } images)
            yield break;
        string path = Path.Combine(models, "squeezenet-v1.0-imagenet.onnx");
        if (!File.Exists(path))
            yield break;
        progress.Report("squeezenet: lossless");
        Network network = Models.Load(path);
        var options = new CompressionOptions
        {
            Test = Datasets.OpenImages(Path.Combine(images, "val-260.npz"), setting.Root, DatasetPart.Test),
            Preprocessing = Preprocessing.Parse(SqueezeNetPixels),
        };
        (_, CompressionReport report) = new Compressor(ShippedRecipes.Load("lossless", network), options).Run(
            network,
            null,
            null,
            cancellation
        );
        yield return ResultRow.AtMost(
            "SqueezeNet, lossless, no training: file",
            report.Bytes,
            560_000,
            545_000,
            "bytes"
        );
        yield return ResultRow.AtMost(
            "SqueezeNet, lossless: top-1 lost on val-260",
            100 * (report.Before!.Primary.Value - report.After!.Primary.Value),
            0,
            0,
            "points"
        );
    }

    private sealed record Target(
        string Network,
        double ReferenceError,
        double Bytes,
        double BytesGoal,
        double Error,
        double ErrorGoal
    );
}

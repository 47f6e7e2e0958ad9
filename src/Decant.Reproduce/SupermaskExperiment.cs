using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Supermask;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// Zhou, Lan, Liu, Yosinski (NeurIPS 2019), LeNet-300-100 on MNIST: masks learnt over weights that never change, and
/// masks taken from training.
/// </summary>
public sealed class SupermaskExperiment : IExperiment
{
    /// <summary>What masks are learnt over, and how.</summary>
    internal static readonly Variant[] Variants =
    [
        new("initial", new SupermaskOptions { Values = SupermaskValues.Initial }, "95.3"),
        new("signed-constant", new SupermaskOptions { Values = SupermaskValues.SignedConstant }, null),
        new("initial", new SupermaskOptions { Values = SupermaskValues.Initial, Rescale = true }, null),
        new(
            "signed-constant",
            new SupermaskOptions { Values = SupermaskValues.SignedConstant, Rescale = true },
            "98.0"
        ),
    ];

    /// <inheritdoc/>
    public string Name => "supermask";

    /// <inheritdoc/>
    public string Description =>
        "masks learnt over LeNet-300-100's frozen random weights on MNIST, with and without rescaling, and "
        + "masks taken from a trained network";

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
            setting.Quick ? 4000 : int.MaxValue
        );
        int holdOut = setting.Quick ? 500 : 5000;
        ulong[] seeds = setting.Quick ? [1] : [1, 2, 3];
        List<ResultRow> rows =
        [
            .. (setting.Quick ? Variants[3..] : Variants).SelectMany(v =>
                Learned(work, v, holdOut, seeds, setting.Quick)
            ),
        ];
        return [.. rows, .. new TrainedMasks(work, holdOut, seeds).Rows()];
    }

    private static IEnumerable<ResultRow> Learned(
        ExperimentRuns work,
        Variant variant,
        int holdOut,
        ulong[] seeds,
        bool quick
    )
    {
        Pipeline recipe = variant.Recipe(holdOut, quick ? 20 : 100);
        CompressionReport[] reports =
        [
            .. seeds.Select(seed =>
                work.Compress(
                    $"{variant.Folder}-seed{seed}",
                    GlorotStart.Of(Models.Load("zoo:lenet-300-100"), seed),
                    recipe,
                    seed
                ).Report
            ),
        ];
        var accuracy = new Seeds([.. reports.Select(r => 100 * r.After!.Primary.Value)]);
        string row =
            $"learnt mask, {variant.Name} ({accuracy}{(variant.Paper is { } paper ? $"; paper {paper}" : "")})";
        yield return variant.IsBest && !quick
            ? ResultRow.AtLeast(row, accuracy.Mean, 95.3, 98.0, "%")
            : ResultRow.Reported(row, accuracy.Mean, "%");
        yield return ResultRow.Reported($"learnt mask, {variant.Name}: weights kept", reports.Average(Kept), "%");
        yield return ResultRow.Reported($"learnt mask, {variant.Name}: file", reports.Average(r => r.Bytes), "bytes");
    }

    private static double Kept(CompressionReport report)
    {
        IReadOnlyList<LayerReport> layers = report.Stages[^1].Layers;
        long kept = layers.Sum((LayerReport l) => l.NonZeros),
            all = layers.Sum((LayerReport l) => l.Parameters);
        return 100.0 * kept / all;
    }

    /// <summary>One kind of mask.</summary>
    /// <param name="Values">What rows and folders call its values.</param>
    /// <param name="Options">The technique's options.</param>
    /// <param name="Paper">The paper's accuracy in percent; null if it has none.</param>
    internal sealed record Variant(string Values, SupermaskOptions Options, string? Paper)
    {
        public string Name => Values + (Options.Rescale ? ", rescaled" : "");

        public string Folder => Values + (Options.Rescale ? "-rescaled" : "");

        // The one that the paper ends with, and that the bounds are meant for.
        public bool IsBest => Options is { Rescale: true, Values: SupermaskValues.SignedConstant };

        /// <summary>What is done to the network.</summary>
        public Pipeline Recipe(int holdOut, int batch) =>
            new()
            {
                Name = "supermask",
                HoldOut = holdOut,
                Stages =
                [
                    new PipelineStage
                    {
                        Name = "learn",
                        Uses = [new TechniqueUse("mask", new LearnedSupermask(Options)) { Weights = ["*.weight"] }],
                        Training = new TrainingOptions
                        {
                            Epochs = 20,
                            BatchSize = batch,
                            LearningRate = 0.05,
                            Augmentation = new Augmentation { Shift = 1 },
                        },
                    },
                ],
            };
    }
}

using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.FixedPoint;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// LeNet-300-100 on MNIST, trained from the start with weights, values and gradients in fixed point, beside floats.
/// </summary>
/// <param name="name">The experiment's name.</param>
/// <param name="description">What it shows.</param>
/// <param name="variants">The formats; the first is floats.</param>
internal sealed class FixedPointTrainingExperiment(
    string name,
    string description,
    params IReadOnlyList<FixedPointTrainingExperiment.Variant> variants
) : IExperiment
{
    private const int SeedCount = 3;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => description;

    /// <summary>The formats.</summary>
    internal IReadOnlyList<Variant> Variants => variants;

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
        var rows = new List<ResultRow>();
        double floats = 0;
        foreach (Variant variant in variants)
        {
            var errors = new Seeds([
                .. Enumerable
                    .Range(1, setting.Quick ? 1 : SeedCount)
                    .Select(seed => Error(work, variant, (ulong)seed, setting.Quick)),
            ]);
            rows.Add(ResultRow.Reported($"{variant.Name}: test error, {errors}{variant.Paper}", errors.Mean, "%"));
            if (variant.Options is null)
                floats = errors.Mean;
            else if (variant.Most is { } most && !setting.Quick)
                rows.Add(
                    ResultRow.AtMost($"{variant.Name}: more than floats", errors.Mean - floats, most, null, "points")
                );
            else if (variant.Least is { } least && !setting.Quick)
                rows.Add(
                    ResultRow.AtLeast($"{variant.Name}: more than floats", errors.Mean - floats, least, null, "points")
                );
        }
        return rows;
    }

    private double Error(ExperimentRuns work, Variant variant, ulong seed, bool quick)
    {
        Network network = Models.Load("zoo:lenet-300-100", seed);
        return 100
            * (
                1
                - work.Compress(
                    $"{variant.Folder}-seed{seed}",
                    network,
                    variant.Recipe(name, quick),
                    seed
                ).Report.After!.Primary.Value
            );
    }

    /// <summary>One format.</summary>
    /// <param name="Name">What rows call it.</param>
    /// <param name="Folder">Its runs' folders.</param>
    /// <param name="Options">The technique's options; null for floats.</param>
    /// <param name="Most">How many points more than floats it may err.</param>
    /// <param name="Least">How many points more than floats it is seen to err.</param>
    /// <param name="Paper">What the paper reports.</param>
    internal sealed record Variant(
        string Name,
        string Folder,
        FixedPointOptions? Options,
        double? Most = null,
        double? Least = null,
        string Paper = ""
    )
    {
        /// <summary>What is done to the network.</summary>
        public Pipeline Recipe(string name, bool quick) =>
            new()
            {
                Name = name,
                Stages =
                [
                    new PipelineStage
                    {
                        Name = "train",
                        Uses = Options is null
                            ? []
                            : [new TechniqueUse("few", new FixedPointQuantization(Options)) { Weights = ["*"] }],
                        Training = new TrainingOptions
                        {
                            Epochs = quick ? 200 : 20,
                            BatchSize = 100,
                            Optimizer = OptimizerKind.Sgd,
                            Momentum = 0,
                            LearningRate = 0.1,
                        },
                    },
                ],
            };
    }
}

using System.Globalization;
using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Pruning;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// Liu, Sun, Zhou, Huang, Darrell (ICLR 2019), L1-norm filter pruning: a pruned network fine-tuned, against its
/// architecture trained from new random weights for as many epochs (Scratch-E) or about as much computation (Scratch-B)
/// as the large one.
/// </summary>
public sealed class RethinkingExperiment : IExperiment
{
    // The paper's rule: with less than half of the computation left, Scratch-B still only doubles the epochs.
    private const double MostEpochs = 2;

    private static readonly Trial[] Trials =
    [
        new("lenet-5", "mnist", [0.3, 0.5, 0.8], Images: 20_000, Epochs: 8, FineTuning: 3),
    ];

    private static readonly Published[] Paper =
    [
        new("VGG-16-A", 93.63, 93.41, 93.62, 93.78),
        new("ResNet-56-A", 93.14, 92.97, 92.96, 93.09),
        new("ResNet-56-B", 93.14, 92.67, 92.54, 93.05),
        new("ResNet-110-A", 93.14, 93.14, 93.25, 93.22),
        new("ResNet-110-B", 93.14, 92.69, 92.89, 93.60),
    ];

    /// <inheritdoc/>
    public string Name => "rethinking";

    /// <inheritdoc/>
    public string Description =>
        "Rethinking the Value of Network Pruning: channels of LeNet-5 pruned, fine-tuned or trained from scratch";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var rows = new List<ResultRow>();
        foreach (Trial full in Trials)
        {
            Trial trial = setting.Quick ? full with { Levels = full.Levels[1..2], Images = 1_000 } : full;
            var work = new ExperimentRuns(setting, setting.SetFor(trial.Set), progress, cancellation, trial.Images);
            Outcome[][] outcomes =
            [
                .. Enumerable.Range(1, setting.Quick ? 1 : 3).Select(seed => Outcomes(work, trial, (ulong)seed)),
            ];
            for (int i = 0; i < outcomes[0].Length; i++)
                rows.Add(Row(trial, [.. outcomes.Select(o => o[i])]));
        }
        rows.AddRange(Paper.SelectMany(p => p.Rows()));
        return rows;
    }

    /// <summary>Trains as the large network is trained.</summary>
    internal static Pipeline Training(int epochs) =>
        ExperimentRecipes.Training("rethinking-train", new TrainingOptions { Epochs = epochs, LearningRate = 0.001 });

    /// <summary>Prunes a share of channels and fine-tunes.</summary>
    internal static Pipeline Pruning(double level, int epochs) =>
        new()
        {
            Name = "rethinking-prune",
            Stages =
            [
                new PipelineStage
                {
                    Name = "prune",
                    Uses = [new TechniqueUse("prune", new StructuredPruning(Channels(level)))],
                    Training = new TrainingOptions { Epochs = epochs, LearningRate = 0.0003 },
                },
            ],
        };

    private static StructuredPruningOptions Channels(double level) =>
        new()
        {
            Level = level,
            Criterion = new MagnitudeCriterion { Norm = UnitNorm.L1 },
        };

    /// <summary>All accuracies of one seed, in the table's order.</summary>
    private static Outcome[] Outcomes(ExperimentRuns work, Trial trial, ulong seed)
    {
        var outcomes = new List<Outcome>();
        string name = $"{trial.Network}-seed{seed}";
        Network large = Train("unpruned", $"{name}-large", Models.Load($"zoo:{trial.Network}", seed), trial.Epochs);
        foreach (double level in trial.Levels)
        {
            string percent = $"{100 * level:0}";
            (Network pruned, CompressionReport tuned) = work.Compress(
                $"{name}-pruned{percent}",
                large,
                Pruning(level, trial.FineTuning),
                seed
            );
            outcomes.Add(new Outcome($"{percent} % of channels pruned, fine-tuned", tuned.After!.Primary.Value));
            Network fresh = FreshWeights.Of(pruned, seed + 100);
            Train($"{percent} % of channels pruned, Scratch-E", $"{name}-scratch-e{percent}", fresh, trial.Epochs);
            double saved = Math.Min(MostEpochs, (double)NetworkReport.Of(large).Macs / NetworkReport.Of(pruned).Macs);
            Train(
                $"{percent} % of channels pruned, Scratch-B",
                $"{name}-scratch-b{percent}",
                fresh,
                (int)Math.Round(trial.Epochs * saved)
            );
        }
        return [.. outcomes];

        Network Train(string what, string run, Network network, int epochs)
        {
            (Network trained, CompressionReport report) = work.Compress(run, network, Training(epochs), seed);
            outcomes.Add(new Outcome(what, report.After!.Primary.Value));
            return trained;
        }
    }

    private static ResultRow Row(Trial trial, Outcome[] seeds)
    {
        double mean = seeds.Average(s => s.Accuracy),
            deviation = seeds.Length < 2
                ? 0
                : Math.Sqrt(seeds.Sum(s => (s.Accuracy - mean) * (s.Accuracy - mean)) / (seeds.Length - 1));
        string spread =
            seeds.Length < 2
                ? "one seed"
                : $"mean of {seeds.Length} seeds, ±{(100 * deviation).ToString("0.00", CultureInfo.InvariantCulture)}";
        return ResultRow.Reported($"{trial.Network}: {seeds[0].What} ({spread})", 100 * mean, "% right");
    }

    private sealed record Trial(string Network, string Set, double[] Levels, int Images, int Epochs, int FineTuning);

    private sealed record Outcome(string What, double Accuracy);

    private sealed record Published(string Network, double Unpruned, double FineTuned, double ScratchE, double ScratchB)
    {
        public IEnumerable<ResultRow> Rows() =>
            [
                ResultRow.Reported($"paper, CIFAR-10, {Network}: unpruned", Unpruned, "% right"),
                ResultRow.Reported($"paper, CIFAR-10, {Network}: fine-tuned", FineTuned, "% right"),
                ResultRow.Reported($"paper, CIFAR-10, {Network}: Scratch-E", ScratchE, "% right"),
                ResultRow.Reported($"paper, CIFAR-10, {Network}: Scratch-B", ScratchB, "% right"),
            ];
    }
}

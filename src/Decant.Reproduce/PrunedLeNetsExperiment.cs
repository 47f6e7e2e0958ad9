using Decant.Core;
using Decant.Reports;

namespace Decant.Reproduce;

/// <summary>
/// Both LeNets on MNIST, pruned by a shipped recipe: how many weights remain, and what the file then answers.
/// </summary>
/// <param name="name">The experiment's name, which is also the recipe's.</param>
/// <param name="description">What it shows.</param>
/// <param name="targets">What must hold for each network.</param>
internal sealed class PrunedLeNetsExperiment(
    string name,
    string description,
    params IReadOnlyList<PrunedLeNetsExperiment.Target> targets
) : IExperiment
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => description;

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
            setting.Quick ? 6_000 : int.MaxValue
        );
        var rows = new List<ResultRow>();
        foreach (Target target in setting.Quick ? targets.Take(1) : targets)
            for (ulong seed = 1; seed <= (setting.Quick ? 1u : 3u); seed++)
                rows.AddRange(Run(work, target, seed, setting.Quick));
        return rows;
    }

    private IEnumerable<ResultRow> Run(ExperimentRuns work, Target target, ulong seed, bool quick)
    {
        (Network reference, CompressionReport trained) = work.Train(target.Network, seed);
        CompressionReport report = work.Compress(
            $"{target.Network}-seed{seed}",
            reference,
            ExperimentRecipes.All.Load(name, reference),
            seed
        ).Report;
        string what = $"{target.Network}, seed {seed}:";
        long left = report.Stages[^1].Layers.Sum(l => l.NonZeros),
            of = report.Stages[0].Layers.Sum(l => l.Parameters);
        double error = 100 * (1 - report.After!.Primary.Value);
        yield return ResultRow.Reported($"{what} reference error", 100 * (1 - trained.After!.Primary.Value), "%");
        // The short form trains too little for the published bounds to mean anything.
        yield return quick
            ? ResultRow.Reported($"{what} weights left", left, "")
            : ResultRow.AtMost($"{what} weights left", left, target.Left, target.LeftGoal, "");
        yield return ResultRow.Reported(
            $"{what} share left (paper: {target.Paper})",
            Math.Round(100.0 * left / of, 3),
            "%"
        );
        yield return quick
            ? ResultRow.Reported($"{what} file error", error, "%")
            : ResultRow.AtMost($"{what} file error", error, target.Error, target.ErrorGoal, "%");
        yield return ResultRow.Reported($"{what} file", report.Bytes, "bytes");
    }

    /// <summary>What must hold for one network.</summary>
    /// <param name="Network">Its name in the zoo.</param>
    /// <param name="Left">The most numbers that may be left, biases counted.</param>
    /// <param name="LeftGoal">How few are hoped for.</param>
    /// <param name="Error">The most error in percent.</param>
    /// <param name="ErrorGoal">The error hoped for.</param>
    /// <param name="Paper">What the paper reports.</param>
    internal sealed record Target(
        string Network,
        double Left,
        double? LeftGoal,
        double Error,
        double? ErrorGoal,
        string Paper
    );
}

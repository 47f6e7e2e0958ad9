using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;

namespace Decant.Sensitivity;

/// <summary>
/// Finds levels that are good together: for each curve the highest level that keeps the target alone; if the network
/// pruned at all of them misses it, all are multiplied by one factor below 1, which bisection finds.
/// </summary>
/// <param name="report">The curves.</param>
/// <param name="target">The worst value of the primary metric.</param>
/// <param name="together">Measures the network pruned at a level for each curve, by its name.</param>
internal sealed class LevelSearch(
    SensitivityReport report,
    double target,
    Func<IReadOnlyDictionary<string, double>, (Score Score, long Kept)> together
)
{
    private const int MostSteps = 14;

    // Levels are cut to so many parts: a recipe is read by people.
    private const double Parts = 10_000;

    private readonly MetricValue dense = report.Reference.Primary;
    private readonly double least = report.Reference.Primary.GoodnessOf(target);
    private SensitivityChoice? best;
    private double[]? failed;

    /// <exception cref="DecantException">No levels keep the target.</exception>
    public SensitivityChoice Run(IProgress<SensitivityProgress>? progress)
    {
        if (least > dense.Goodness + SensitivityReport.Rounding)
            throw new DecantException(
                $"the network as it is has {dense} on {report.Images}, so that no pruning keeps "
                    + $"{dense.TextOf(target)}; {dense.Text} or worse would work"
            );
        if (!Try(1, 0, progress))
            Bisect(progress);
        return best
            ?? throw new DecantException(
                $"no pruning without retraining keeps {dense.Name} {dense.TextOf(target)} on {report.Images} "
                    + $"(the network as it is has {dense.Text}); ask for less"
            );
    }

    /// <summary>The level up to which a curve, straight between its points, does not fall below the target.</summary>
    internal double Alone(SensitivityCurve curve)
    {
        (double level, double goodness) = (0, dense.Goodness);
        foreach (SensitivityPoint p in curve.Points)
        {
            if (p.Goodness < least - SensitivityReport.Rounding)
                return level + (p.Level - level) * Math.Max(0, goodness - least) / (goodness - p.Goodness);
            (level, goodness) = (p.Level, p.Goodness);
        }
        return level;
    }

    private void Bisect(IProgress<SensitivityProgress>? progress)
    {
        (double low, double high) = (0, 1);
        for (int step = 1; step <= MostSteps; step++)
        {
            double middle = (low + high) / 2;
            if (Try(middle, step / (MostSteps + 1.0), progress))
                low = middle;
            else
                high = middle;
        }
    }

    private bool Try(double factor, double done, IProgress<SensitivityProgress>? progress)
    {
        double[] levels = [.. report.Curves.Select(c => Math.Floor(factor * Alone(c) * Parts + 1e-6) / Parts)];
        if (levels.All(l => l == 0) || (best is not null && best.Levels.Select(l => l.Level).SequenceEqual(levels)))
            return true;
        if (failed is not null && failed.AsSpan().SequenceEqual(levels))
            return false;
        progress?.Report(new SensitivityProgress($"all {report.Subject}s together", done));
        (Score score, long kept) = together(
            report.Curves.Zip(levels).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal)
        );
        bool good = score.Primary.Goodness >= least - SensitivityReport.Rounding;
        if (good)
            best = new SensitivityChoice(
                target,
                [.. report.Curves.Zip(levels, (c, l) => new ChosenLevel(c.Name, l))],
                score,
                kept,
                report.Curves.Sum(c => c.Of)
            );
        else
            failed = levels;
        return good;
    }
}

/// <summary>The level chosen for a weight or group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">The level, 0 to 1.</param>
public sealed record ChosenLevel(string Name, double Level);

/// <summary>The examples that every point of an analysis is measured on.</summary>
internal sealed class ValidationSet
{
    private readonly LearningTask task;
    private readonly IDataSource examples;
    private readonly Preprocessing preprocessing;
    private readonly int threads;

    public ValidationSet(LearningTask task, Network network, IDataSource data, Preprocessing preprocessing, int threads)
    {
        (this.task, this.preprocessing, this.threads) = (task, preprocessing, threads);
        if (task.ComparesWithOriginal)
        {
            using InferenceSession executor = SessionOf(network);
            data = task.Targeted(network, executor, data, preprocessing);
        }
        examples = data;
    }

    /// <summary>How many there are.</summary>
    public int Count => examples.Count;

    /// <summary>How well a network does on them.</summary>
    /// <exception cref="DataException">They do not fit the network.</exception>
    public Score Measure(Network network, CancellationToken cancellation)
    {
        using InferenceSession executor = SessionOf(network);
        return task.Evaluate(network, executor, examples, preprocessing, null, cancellation);
    }

    private InferenceSession SessionOf(Network network) =>
        new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession();
}

/// <summary>
/// A level for each weight or group, and what the network does when it is pruned at all of them together without
/// retraining.
/// </summary>
/// <param name="Target">The value of the primary metric that was asked for.</param>
/// <param name="Levels">The level of each, in the network's order; 0 for those that stay as they are.</param>
/// <param name="Score">The score of all together on the validation set.</param>
/// <param name="Kept">Weights that are not zero, or channels that remain, as a share of all of them.</param>
/// <param name="Of">Numbers or channels that they have.</param>
public sealed record SensitivityChoice(
    double Target,
    ImmutableArray<ChosenLevel> Levels,
    Score Score,
    long Kept,
    long Of
)
{
    /// <summary>The criterion that ranked what is pruned; null for the technique's own.</summary>
    public Techniques.Pruning.Criterion? Criterion { get; init; }

    /// <summary>The preprocessing that was asked for; null for the network's own.</summary>
    public Preprocessing? Preprocessing { get; init; }
}

using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Training;

namespace Decant.Sensitivity;

/// <summary>
/// Finds levels that are good together: for each curve the highest level that keeps the target alone; if the network
/// pruned at all of them misses it, all are multiplied by one factor below 1, which bisection finds.
/// </summary>
/// <param name="report">The curves.</param>
/// <param name="target">The least accuracy.</param>
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

    private SensitivityChoice? best;
    private double[]? failed;

    /// <exception cref="DecantException">No levels keep the target.</exception>
    public SensitivityChoice Run(IProgress<SensitivityProgress>? progress)
    {
        double dense = report.Reference.Accuracy;
        if (target > dense + SensitivityReport.Rounding)
            throw new DecantException(
                $"the network as it is has an accuracy of {Text(dense)} on {report.Images}, so that no "
                    + $"pruning keeps {Text(target)}; {Text(dense)} or less would work"
            );
        if (!Try(1, 0, progress))
            Bisect(progress);
        return best
            ?? throw new DecantException(
                $"no pruning without retraining keeps an accuracy of {Text(target)} on {report.Images} "
                    + $"(the network as it is has {Text(dense)}); ask for less"
            );
    }

    /// <summary>The level up to which a curve, straight between its points, does not fall below the target.</summary>
    internal double Alone(SensitivityCurve curve)
    {
        (double level, double accuracy) = (0, report.Reference.Accuracy);
        foreach (SensitivityPoint p in curve.Points)
        {
            if (p.Accuracy < target - SensitivityReport.Rounding)
                return level + (p.Level - level) * Math.Max(0, accuracy - target) / (accuracy - p.Accuracy);
            (level, accuracy) = (p.Level, p.Accuracy);
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
        (Score score, long kept) = together(report.Curves.Zip(levels).ToDictionary(p => p.First.Name, p => p.Second));
        bool good = score.Accuracy >= target - SensitivityReport.Rounding;
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

    private static string Text(double accuracy) =>
        (100 * accuracy).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}

/// <summary>The level chosen for a weight or group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">The level, 0 to 1.</param>
public sealed record ChosenLevel(string Name, double Level);

/// <summary>The images that every point of an analysis is measured on.</summary>
internal sealed class HeldOutImages(LabelledImages images, Preprocessing preprocessing, int threads)
{
    /// <summary>How many there are.</summary>
    public int Count => images.Count;

    /// <summary>How well a network classifies them.</summary>
    /// <exception cref="DataException">They do not fit the network.</exception>
    public Score Measure(Network network, CancellationToken cancellation)
    {
        Classification.CheckFits(network, images);
        using InferenceSession executor = new InferenceModel(
            network,
            new InferenceOptions { Threads = threads }
        ).CreateSession();
        return Classification.Evaluate(network, executor, images, preprocessing, null, cancellation);
    }
}

/// <summary>
/// A level for each weight or group, and what the network does when it is pruned at all of them together without
/// retraining.
/// </summary>
/// <param name="Target">The accuracy that was asked for, 0 to 1.</param>
/// <param name="Levels">The level of each, in the network's order; 0 for those that stay as they are.</param>
/// <param name="Score">The score of all together on the images held apart.</param>
/// <param name="Kept">Numbers that are not zero, or channels that are left, of all of them.</param>
/// <param name="Of">Numbers or channels that they have.</param>
public sealed record SensitivityChoice(
    double Target,
    ImmutableArray<ChosenLevel> Levels,
    Score Score,
    long Kept,
    long Of
)
{
    /// <summary>The technique and its options but for the level, as a recipe gives them.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The pixel arithmetic that was asked for; null for the network's own.</summary>
    public Preprocessing? Preprocessing { get; init; }
}

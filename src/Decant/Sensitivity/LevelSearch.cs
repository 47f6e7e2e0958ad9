using System.Globalization;
using Decant.Core;
using Decant.Training;

namespace Decant.Sensitivity;

/// <summary>
/// Finds levels that are good together. Each curve is cut at one common accuracy; if the network pruned at all those levels misses the
/// target, the common accuracy is raised by bisection towards the reference, where every level is 0.
/// </summary>
/// <param name="report">The curves.</param>
/// <param name="target">The least accuracy.</param>
/// <param name="together">Measures the network pruned at a level for each curve, by its name.</param>
internal sealed class LevelSearch(SensitivityReport report, double target, Func<IReadOnlyDictionary<string, double>, (Score Score, long Kept)> together)
{
    private const int MostSteps = 20;

    // Levels are cut to so many parts: a recipe is read by people.
    private const double Parts = 10_000;

    private SensitivityChoice? best;
    private double[]? failed;

    /// <summary>Half an image: accuracies never lie so close.</summary>
    private double Half => 0.5 / report.Reference.Count;

    /// <exception cref="DecantException">No levels keep the target.</exception>
    public SensitivityChoice Run(IProgress<SensitivityProgress>? progress)
    {
        double dense = report.Reference.Accuracy, low = target - Half;
        if (target > dense + SensitivityReport.Rounding)
            throw new DecantException($"the network as it is has an accuracy of {Text(dense)} on {report.Images}, so that no pruning keeps {Text(target)}; {Text(dense)} or less would work");
        if (!Try(low, 0, progress)) Bisect(low, dense, progress);
        return best ?? throw new DecantException(
            $"no pruning without retraining keeps an accuracy of {Text(target)} on {report.Images} (the network as it is has {Text(dense)}); ask for less");
    }

    /// <summary>Where each curve falls below an accuracy.</summary>
    internal double[] LevelsAt(double accuracy) => [.. report.Curves.Select(c => Math.Floor(LevelAt(c, accuracy) * Parts + 1e-6) / Parts)];

    private void Bisect(double low, double high, IProgress<SensitivityProgress>? progress)
    {
        for (int step = 0; step < MostSteps; step++)
        {
            double middle = (low + high) / 2;
            if (Try(middle, (step + 1.0) / (MostSteps + 1), progress)) high = middle;
            else low = middle;
        }
    }

    private bool Try(double accuracy, double done, IProgress<SensitivityProgress>? progress)
    {
        double[] levels = LevelsAt(accuracy);
        if (best is not null && best.Levels.Select(l => l.Level).SequenceEqual(levels)) return true;
        if (levels.All(l => l == 0)) return true;
        if (failed is not null && failed.AsSpan().SequenceEqual(levels)) return false;
        progress?.Report(new SensitivityProgress($"all {report.Subject}s together", done));
        (Score score, long kept) = together(report.Curves.Zip(levels).ToDictionary(p => p.First.Name, p => p.Second));
        bool good = score.Accuracy >= target - SensitivityReport.Rounding;
        if (good) best = new SensitivityChoice(target, [.. report.Curves.Zip(levels, (c, l) => new ChosenLevel(c.Name, l))], score, kept, report.Curves.Sum(c => c.Of));
        else failed = levels;
        return good;
    }

    /// <summary>
    /// The level at which a curve's lowest accuracy so far, straight between points, reaches an accuracy. It is made to fall by half an
    /// image over all levels, so that curves that do not fall have a place to be cut at too.
    /// </summary>
    private double LevelAt(SensitivityCurve curve, double accuracy)
    {
        double lowest = report.Reference.Accuracy, before = lowest, level = 0;
        if (before < accuracy) return 0;
        foreach (SensitivityPoint p in curve.Points.Skip(1))
        {
            lowest = Math.Min(lowest, p.Accuracy);
            double now = lowest - p.Level * Half;
            if (now < accuracy) return level + (p.Level - level) * (before - accuracy) / (before - now);
            (before, level) = (now, p.Level);
        }
        return level;
    }

    private static string Text(double accuracy) => (100 * accuracy).ToString("0.00", CultureInfo.InvariantCulture) + " %";
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Techniques.Pruning;
using Decant.Torch;

namespace Decant.Sensitivity;

/// <summary>
/// Measures how the primary metric falls as each weight, or each group of channels, is pruned alone, without retraining
/// (Han, Pool, Tran, Dally 2015, section 3), on a validation set taken from the training data. The test set is not
/// looked at. Where the network was trained elsewhere it may have seen these examples.
/// </summary>
public sealed class SensitivityAnalysis
{
    private const int UsualImages = 1000;

    private readonly Network network;
    private readonly SensitivityOptions options;
    private readonly Preprocessing preprocessing;
    private readonly ImmutableArray<double> levels;
    private readonly LearningTask task;
    private readonly ValidationSet images;
    private readonly SingleTargetPruner pruning;

    /// <summary>Takes the validation set and selects what is pruned.</summary>
    /// <exception cref="DecantException">A level is out of range, there are too few examples, a pattern matches no
    /// weight, or the criterion is not known.</exception>
    public SensitivityAnalysis(Network network, SensitivityOptions options)
    {
        (this.network, this.options) = (network, options);
        levels = [.. options.Levels.Select(Checked).Append(0).Distinct().Order()];
        preprocessing = options.Preprocessing ?? Preprocessings.Of(network, options.Train);
        task = options.Task ?? LearningTasks.For(network, options.Train);
        task.CheckFits(network, options.Train);
        (IDataSource rest, IDataSource heldOut) = options.Train.Split(CountOf(options), options.Seed);
        images = new ValidationSet(task, network, heldOut, preprocessing, options.Threads);
        pruning = SingleTargetPruner.Of(network, options, rest, preprocessing, task);
    }

    /// <summary>
    /// Measures everything at every level that leaves some of it, but for what the folder holds already.
    /// </summary>
    /// <param name="progress">Told what is measured next.</param>
    /// <param name="cancellation">Stops; what was measured is in the folder.</param>
    /// <exception cref="DecantException">The data do not fit the network, something cannot be pruned, or the folder
    /// holds another analysis.</exception>
    public SensitivityReport Run(
        IProgress<SensitivityProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using TorchRun run = TorchRun.Begin(Torch);
        SensitivityFolder? folder = options.Folder is { } path ? SensitivityFolder.Open(path, Identity()) : null;
        SensitivityPoint whole = Kept(folder, "", 0, () => PointOf(0, 0, images.Measure(network, cancellation)));
        var curves = new List<SensitivityCurve>();
        foreach (SensitivityTarget target in pruning.Targets)
        {
            progress?.Report(new SensitivityProgress(target.Name, (double)curves.Count / pruning.Targets.Length));
            curves.Add(Measure(target, whole, folder, cancellation));
        }
        var report = new SensitivityReport(
            options.Train.Name,
            options.Seed,
            whole.Score,
            options.Structured,
            [.. curves]
        );
        folder?.Finish(report);
        return report;
    }

    /// <summary>
    /// Chooses a level for each weight or group so that the network pruned at all of them together, without retraining,
    /// is still good enough on the validation set.
    /// </summary>
    /// <param name="report">What <see cref="Run"/> found.</param>
    /// <param name="target">The worst value of the primary metric; a share from 0 to 1 where its unit is %.</param>
    /// <param name="progress">Told what is measured.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DecantException">The network itself is worse, or no level above 0 keeps it.</exception>
    public SensitivityChoice Choose(
        SensitivityReport report,
        double target,
        IProgress<SensitivityProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using TorchRun run = TorchRun.Begin(Torch);
        return new LevelSearch(report, target, chosen => Together(chosen, cancellation)).Run(progress) with
        {
            Criterion = options.Criterion,
            Preprocessing = options.Preprocessing,
        };
    }

    // Only criteria that look at gradients use it.
    private TorchSettings Torch => new() { Threads = options.Threads };

    private (Score Score, long Kept) Together(
        IReadOnlyDictionary<string, double> chosen,
        CancellationToken cancellation
    )
    {
        Network pruned = network;
        foreach (SensitivityTarget target in pruning.Targets)
            if (chosen[target.Name] > 0)
                pruned = pruning.Prune(pruned, target, chosen[target.Name], cancellation);
        return (images.Measure(Dense(pruned), cancellation), pruning.Targets.Sum(t => pruning.Left(pruned, t)));
    }

    private SensitivityCurve Measure(
        SensitivityTarget target,
        SensitivityPoint whole,
        SensitivityFolder? folder,
        CancellationToken cancellation
    )
    {
        var points = new List<SensitivityPoint>();
        foreach (double level in levels)
        {
            cancellation.ThrowIfCancellationRequested();
            if (SingleTargetPruner.Leaves(target, level))
                points.Add(Kept(folder, target.Name, level, () => Measure(target, level, whole, cancellation)));
        }
        return new SensitivityCurve(target.Name, target.Of, target.Weights, [.. points]);
    }

    private SensitivityPoint Measure(
        SensitivityTarget target,
        double level,
        SensitivityPoint whole,
        CancellationToken cancellation
    )
    {
        if (level == 0)
            return whole with { Kept = pruning.Left(network, target) };
        Network pruned = pruning.Prune(network, target, level, cancellation);
        return PointOf(level, pruning.Left(pruned, target), images.Measure(Dense(pruned), cancellation));
    }

    /// <summary>
    /// The network with what was pruned in the form in which it was: forms for compressed weights are made anew for
    /// every one.
    /// </summary>
    private Network Dense(Network pruned) =>
        pruned.With(
            pruned
                .Weights.Where(w => w.Encoding is SparseEncoding && network.Weights[w.Name].Encoding is DenseEncoding)
                .ToDictionary(
                    w => w.Name,
                    w => (Encoding)new DenseEncoding(w.Encoding.Decode()),
                    StringComparer.Ordinal
                )
        );

    private static SensitivityPoint Kept(
        SensitivityFolder? folder,
        string target,
        double level,
        Func<SensitivityPoint> measure
    )
    {
        if (folder?.Find(target, level) is { } before)
            return before;
        SensitivityPoint point = measure();
        folder?.Append(target, point);
        return point;
    }

    private static SensitivityPoint PointOf(double level, long kept, Score score) => new(level, kept, score);

    private static double Checked(double level) =>
        level is >= 0 and <= SensitivityOptions.MaxLevel
            ? level
            : throw new DecantException(
                $"level {level.ToString(CultureInfo.InvariantCulture)} is out of range; a level is a "
                    + $"number from 0 to {SensitivityOptions.MaxLevel.ToString(CultureInfo.InvariantCulture)}"
            );

    private static int CountOf(SensitivityOptions options)
    {
        int all = options.Train.Count;
        if (all == 0)
            throw new DataException($"{options.Train.Name} has no training examples to measure on");
        int count = options.Images ?? Math.Min(UsualImages, all);
        return count >= 1 && count <= all
            ? count
            : throw new DataException(
                $"cannot hold out {count} training examples; {options.Train.Name} has {all}: from 1 to {all} would work"
            );
    }

    private SensitivityIdentity Identity()
    {
        using var container = new MemoryStream();
        DcntWriter.Write(network, container, new DcntWriteOptions { Effort = CodingEffort.Huffman });
        container.Position = 0;
        return new SensitivityIdentity(
            Convert.ToHexStringLower(SHA256.HashData(container)),
            $"{options.Train}, {options.Train.Fingerprint}",
            preprocessing.ToString(),
            images.Count,
            options.Seed,
            $"{(options.Structured ? "channels" : "weights")}, {options.Criterion ?? new MagnitudeCriterion()}",
            string.Join('\n', pruning.Targets.Select(t => t.Name)),
            string.Join(' ', levels.Select(l => l.ToString("R", CultureInfo.InvariantCulture))),
            typeof(SensitivityAnalysis).Assembly.GetName().Version!.ToString(3),
            task.Name
        );
    }
}

using System.Diagnostics;
using Decant.Core;
using Decant.Recipes;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Runs;

/// <summary>Trains a run's rounds, with metrics and checkpoints in its folder.</summary>
internal sealed class RunTraining
{
    private readonly CompressionOptions options;
    private readonly RunFolder? folder;
    private readonly IProgress<RunProgress>? progress;
    private readonly Dataset? heldOut;
    private readonly IReadOnlyList<RunUnit> units;

    public RunTraining(
        Recipe recipe, CompressionOptions options, Preprocessing preprocessing, Network? reference, RunFolder? folder, IProgress<RunProgress>? progress)
    {
        (this.options, this.folder, this.progress) = (options, folder, progress);
        units = RunUnit.Of(recipe);
        (Dataset? train, heldOut) = (options.Train, null);
        if (recipe.HoldOut > 0 && train is not null) (train, heldOut) = train.Split(recipe.HoldOut, options.Seed);
        Setting = new RunSetting(options.Seed, train, preprocessing, reference, RunTeacher.Of(options, preprocessing), options.Statistics);
    }

    /// <summary>What the run's techniques may look at.</summary>
    public RunSetting Setting { get; }

    /// <summary>The share of the run's epochs done once some epochs of a round are.</summary>
    public double Done(RunUnit unit, int epochs)
    {
        int Epochs(RunUnit u) => u.Stage.Training?.Epochs ?? 0;
        return (units.Take(unit.Index).Sum(Epochs) + epochs) / Math.Max(1.0, units.Sum(Epochs));
    }

    /// <summary>Trains a round's network, from its checkpoint if there is one.</summary>
    public Network Train(RunUnit unit, Network network, CancellationToken cancellation)
    {
        if (unit.Stage.Training is not { } training) return network;
        training = training with { Seed = Rng.Derive(options.Seed, unit.Stage.Name, unit.Round) };
        TrainingCheckpoint? from = folder?.Checkpoint(unit.Index);
        folder?.TrimMetrics(unit.Index, from?.Epochs ?? 0);
        var hooks = new List<TrainingHook>();
        try
        {
            AddHooks(hooks, unit, network);
            return new Trainer(training, Setting.Data!, Setting.Preprocessing, heldOut, [.. hooks, new Journal(this, unit)]).Train(network, from, cancellation: cancellation);
        }
        finally
        {
            foreach (TrainingHook hook in hooks) hook.Dispose();
        }
    }

    private void AddHooks(List<TrainingHook> hooks, RunUnit unit, Network network)
    {
        for (int use = 0; use < unit.Stage.Uses.Count; use++)
            if (unit.Stage.Uses[use].Make(options.Seed).During(unit.Context(use, network, Setting)) is { } hook) hooks.Add(hook);
    }

    /// <summary>Keeps the record of one round.</summary>
    private sealed class Journal(RunTraining run, RunUnit unit) : TrainingHook
    {
        private long saved = Stopwatch.GetTimestamp();

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics)
        {
            run.folder?.Append(new MetricsLine(
                unit.Index, unit.Stage.Name, unit.Round, metrics.Epoch, metrics.Loss, metrics.LearningRate, metrics.Accuracy, metrics.Seconds));
            if (run.folder is not null && Stopwatch.GetElapsedTime(saved) >= run.options.CheckpointEvery)
            {
                state().Save(run.folder.CheckpointPath(unit.Index));
                saved = Stopwatch.GetTimestamp();
            }
            run.progress?.Report(new RunProgress(
                unit.Stage.Name, unit.Round, unit.Stage.Rounds, "training", metrics, run.Done(unit, metrics.Epoch)));
        }
    }
}

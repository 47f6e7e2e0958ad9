using System.Diagnostics;
using Decant.Core;
using Decant.Training;

namespace Decant.Runs;

/// <summary>Trains a run's rounds, with metrics and checkpoints in its folder.</summary>
/// <param name="units">All rounds of the run.</param>
/// <param name="setting">What the run works with.</param>
/// <param name="checkpointEvery">The least time between checkpoints.</param>
/// <param name="folder">The run's folder; null for none.</param>
/// <param name="progress">Told after each epoch.</param>
internal sealed class RunTraining(
    IReadOnlyList<RunUnit> units,
    RunSetting setting,
    TimeSpan checkpointEvery,
    RunFolder? folder,
    IProgress<RunProgress>? progress
)
{
    private readonly TimeSpan checkpointEvery = checkpointEvery;
    private readonly RunFolder? folder = folder;
    private readonly IProgress<RunProgress>? progress = progress;

    /// <summary>What the run works with.</summary>
    public RunSetting Setting => setting;

    /// <summary>The share of the run's epochs done once some epochs of a round are.</summary>
    public double Done(RunUnit unit, int epochs)
    {
        int Epochs(RunUnit u) => u.Stage.Training?.Epochs ?? 0;
        return (units.Take(unit.Index).Sum(Epochs) + epochs) / Math.Max(1.0, units.Sum(Epochs));
    }

    /// <summary>Trains a round's network, from its checkpoint if there is one.</summary>
    public Network Train(RunUnit unit, Network network, CancellationToken cancellation)
    {
        if (unit.Stage.Training is not { } training)
            return network;
        training = training with { Task = setting.Task, Seed = Rng.Derive(setting.Seed, unit.Stage.Name, unit.Round) };
        TrainingCheckpoint? from = folder?.Checkpoint(unit.Index);
        folder?.TrimMetrics(unit.Index, from?.Epochs ?? 0);
        var hooks = new List<TrainingHook>();
        try
        {
            AddHooks(hooks, unit, network);
            return new Trainer(
                training,
                setting.Data!,
                setting.Preprocessing,
                setting.HeldOut,
                [.. hooks, new Journal(this, unit)]
            ).Train(network, from, cancellation: cancellation);
        }
        finally
        {
            foreach (TrainingHook hook in hooks)
                hook.Dispose();
        }
    }

    private void AddHooks(List<TrainingHook> hooks, RunUnit unit, Network network)
    {
        for (int use = 0; use < unit.Stage.Uses.Count; use++)
            if (unit.HookOf(use, network, setting) is { } hook)
                hooks.Add(hook);
    }

    /// <summary>Keeps the record of one round.</summary>
    private sealed class Journal(RunTraining run, RunUnit unit) : TrainingHook
    {
        private long saved = Stopwatch.GetTimestamp();

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics)
        {
            run.folder?.Append(
                new MetricsLine(
                    unit.Index,
                    unit.Stage.Name,
                    unit.Round,
                    metrics.Epoch,
                    metrics.Loss,
                    metrics.LearningRate,
                    metrics.HeldOut?.Primary.Value,
                    metrics.Seconds
                )
            );
            if (run.folder is not null && Stopwatch.GetElapsedTime(saved) >= run.checkpointEvery)
            {
                state().Save(run.folder.CheckpointPath(unit.Index));
                saved = Stopwatch.GetTimestamp();
            }
            run.progress?.Report(
                new RunProgress(
                    unit.Stage.Name,
                    unit.Round,
                    unit.Stage.Rounds,
                    "training",
                    metrics,
                    run.Done(unit, metrics.Epoch)
                )
            );
        }
    }
}

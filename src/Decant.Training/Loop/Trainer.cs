using System.Diagnostics;
using Decant.Core;
using Decant.Data;
using Decant.Torch;
using Decant.Torch.Optimizers;

namespace Decant.Training;

/// <summary>
/// The one training loop: minimizes the loss of a task, through the parameterizations of a network's weights.
/// </summary>
/// <param name="options">How to train.</param>
/// <param name="data">What to train on.</param>
/// <param name="preprocessing">What is done to pixels.</param>
/// <param name="heldOut">A validation set, to score the network on after each epoch; null for none.</param>
/// <param name="hooks">Regularizers, projections, checkpoints.</param>
public sealed class Trainer(
    TrainingOptions options,
    IDataSource data,
    Preprocessing preprocessing,
    IDataSource? heldOut = null,
    params IReadOnlyList<TrainingHook> hooks
)
{
    private readonly double labelWeight = hooks.Aggregate(1.0, (w, h) => w * h.LabelWeight);
    private readonly LearningTask task = options.Task ?? new Classification();
    private readonly MixUp? mixUp = options.MixUp > 0 ? new MixUp(options.MixUp, options.Seed) : null;

    /// <summary>Trains a network and returns it with its weights trained, in the encodings it came with.</summary>
    /// <param name="network">The network; the task must fit it.</param>
    /// <param name="from">A checkpoint of this same run to go on from; null to begin.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="TrainingException">The loss is not finite.</exception>
    /// <exception cref="DataException">The images do not fit the network, or the checkpoint is of another
    /// run.</exception>
    public Network Train(
        Network network,
        TrainingCheckpoint? from = null,
        IProgress<EpochMetrics>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using TorchRun run = TorchRun.Begin(options.Torch);
        ITaskLoss? taskLoss = LossFor(network);
        using var torch = new TrainingNetwork(
            network,
            w => ParameterizationOf(w, h => h.Parameterize(w), "is masked or frozen by"),
            w => ParameterizationOf(w, h => h.ParameterizeSetting(w), "says how a node computes, and is trained by"),
            PassingOf
        );
        using Optimizer optimizer = MakeOptimizer(torch);
        Tell(hook => hook.Begin(torch));
        if (from is not null)
            Restore(torch, optimizer, from);
        TrainingBatches batch = TrainingBatches.Of(
            network,
            data,
            preprocessing,
            new BatchOptions
            {
                Size = options.BatchSize,
                Seed = options.Seed,
                Augmentation = options.Augmentation,
            }
        );
        for (int epoch = from?.Epochs ?? 0; epoch < options.Epochs; epoch++)
        {
            EpochMetrics metrics = RunEpoch(torch, taskLoss, optimizer, batch, epoch, cancellation);
            foreach (TrainingHook hook in hooks)
                hook.AfterEpoch(() => Capture(torch, optimizer, metrics.Epoch), metrics);
            progress?.Report(metrics);
        }
        return torch.ToNetwork();
    }

    /// <summary>The task's loss; null where it has no weight: then hooks minimize what needs no targets.</summary>
    private ITaskLoss? LossFor(Network network)
    {
        if (labelWeight == 0 && (data.Targets.IsEmpty || !TaskLosses.IsTrainable(task)))
            return null;
        return TaskLosses.For(task, options, network, data);
    }

    private WeightParameterization? ParameterizationOf(
        Weight weight,
        Func<TrainingHook, WeightParameterization?> given,
        string what
    )
    {
        WeightParameterization[] parameterizations = [.. hooks.Select(given).OfType<WeightParameterization>()];
        return parameterizations.Length <= 1
            ? parameterizations.FirstOrDefault()
            : throw new ModelException(
                $"weight '{weight.Name}' {what} {parameterizations.Length} techniques of the stage: give it one of them"
            );
    }

    private Func<TorchTensor, TorchTensor>? PassingOf(Node node, string value) =>
        hooks
            .Select(h => h.Passing(node, value))
            .OfType<Func<TorchTensor, TorchTensor>>()
            .Aggregate((Func<TorchTensor, TorchTensor>?)null, (a, b) => a is null ? b : x => b(a(x)));

    private Optimizer MakeOptimizer(TrainingNetwork torch)
    {
        IEnumerable<Parameter> parameters = torch.Parameterizations.SelectMany(f =>
            f.Value.Tensors.Where(t => t.IsTrained).Select(t => new Parameter(f.Key + t.Suffix, t.Tensor, t.IsDecayed))
        );
        return options.Optimizer == OptimizerKind.Adam
            ? new Adam(parameters, options.LearningRate, weightDecay: options.WeightDecay, decoupled: true)
            : new Sgd(
                parameters,
                options.LearningRate,
                options.Momentum,
                options.WeightDecay,
                nesterov: options.Momentum > 0
            );
    }

    private EpochMetrics RunEpoch(
        TrainingNetwork torch,
        ITaskLoss? taskLoss,
        Optimizer optimizer,
        TrainingBatches batch,
        int epoch,
        CancellationToken cancellation
    )
    {
        long started = Stopwatch.GetTimestamp();
        LibTorch.Seed((long)(Rng.Derive(options.Seed, "torch", epoch) >> 1));
        batch.BeginEpoch(epoch);
        double loss = 0;
        int steps = batch.Batches;
        for (int step = 0; step < steps; step++)
        {
            batch.Fill(step, cancellation);
            long done = (long)epoch * steps + step;
            optimizer.LearningRate = options.LearningRateAt(done, steps);
            double? share = mixUp?.ShareAt(epoch, step);
            if (share is { } s)
                batch.Mix(s);
            double now = RunStep(torch, taskLoss, optimizer, batch, share, done, (long)options.Epochs * steps);
            if (!double.IsFinite(now))
                throw new TrainingException(
                    $"the loss became {now} in epoch {epoch + 1}, step {step + 1}; a lower learning rate "
                        + $"than {options.LearningRate} may work. The last checkpoint is kept"
                );
            loss += now * batch.Count;
        }
        Score? score = heldOut is null
            ? null
            : task.Evaluate(
                torch.Network,
                new TrainingExecutor(torch),
                heldOut,
                preprocessing,
                cancellation: cancellation
            );
        return new EpochMetrics(
            epoch + 1,
            options.Epochs,
            loss / data.Count,
            optimizer.LearningRate,
            score,
            Stopwatch.GetElapsedTime(started).TotalSeconds
        );
    }

    private double RunStep(
        TrainingNetwork torch,
        ITaskLoss? taskLoss,
        Optimizer optimizer,
        TrainingBatches batch,
        double? share,
        long done,
        long steps
    )
    {
        Tell(hook => hook.BeforeStep(torch, done, steps));
        using var scope = new TorchScope();
        TorchTensor[] x = batch.ToInputs();
        TorchTensor? y = batch.ToTargets();
        var step = new TrainingStep(torch, x[0], y, torch.Forward(training: true, x)[0], done, steps)
        {
            Inputs = x,
            Mask = batch.ToMask(),
            LearningRate = optimizer.LearningRate,
        };
        TorchTensor? loss = taskLoss is null ? null : LossOf(taskLoss, step, batch, share);
        foreach (TrainingHook hook in hooks)
            if (hook.Penalty(step) is { } penalty)
                loss = loss is null ? penalty : loss.Add(penalty);
        if (loss is null)
            throw new DataException("nothing is minimized: the data have no targets, and no technique adds a loss");
        optimizer.ClearGrads();
        loss.Backward();
        Tell(hook => hook.AfterBackward(step));
        optimizer.Step();
        Tell(hook => hook.AfterStep(torch, done + 1, steps));
        return loss.ToDouble();
    }

    private TorchTensor LossOf(ITaskLoss taskLoss, TrainingStep step, TrainingBatches batch, double? share)
    {
        TorchTensor loss = taskLoss.Of(step.Outputs, step.Labels);
        if (share is { } own)
            loss = loss.Mul(own).Add(taskLoss.Of(step.Outputs, batch.ToOtherTargets()).Mul(1 - own));
        return labelWeight == 1 ? loss : loss.Mul(labelWeight);
    }

    private void Tell(Action<TrainingHook> what)
    {
        if (hooks.Count == 0)
            return;
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        foreach (TrainingHook hook in hooks)
            what(hook);
    }

    private TrainingCheckpoint Capture(TrainingNetwork torch, Optimizer optimizer, int epochs) =>
        new(
            epochs,
            optimizer.State.Steps,
            StateOf(torch).ToDictionary(s => s.Key, s => s.Value.ToTensor(), StringComparer.Ordinal),
            optimizer.State.Tensors.ToDictionary(s => s.Key, s => s.Value.ToTensor(), StringComparer.Ordinal)
        );

    private IEnumerable<KeyValuePair<string, TorchTensor>> StateOf(TrainingNetwork torch) =>
        torch.State.Concat(hooks.SelectMany(h => h.State));

    private void Restore(TrainingNetwork torch, Optimizer optimizer, TrainingCheckpoint from)
    {
        if (from.Epochs < 0 || from.Epochs > options.Epochs)
            throw new DataException($"the checkpoint is of epoch {from.Epochs}; this training has {options.Epochs}");
        using var scope = new TorchScope();
        foreach (var (name, tensor) in StateOf(torch))
        {
            if (
                !from.Tensors.TryGetValue(name, out var saved)
                || !Operators.Shapes.Sizes(saved.Shape).SequenceEqual(tensor.Shape)
            )
                throw new DataException($"the checkpoint does not hold weight '{name}' of this network");
            tensor.CopyFrom<float>(saved.Span<float>());
        }
        try
        {
            optimizer.Restore(
                new OptimizerState(
                    from.Steps,
                    from.Optimizer.ToDictionary(t => t.Key, t => t.Value.ToTorch(), StringComparer.Ordinal)
                )
            );
        }
        catch (ArgumentException e)
        {
            throw new DataException($"the checkpoint does not fit this optimizer: {e.Message}", e);
        }
    }
}

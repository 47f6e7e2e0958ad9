using Decant.Torch;

namespace Decant.Training;

/// <summary>What takes part in training without being the loop: a regularizer, a projection, a checkpoint. Every method may stay as it is.</summary>
public abstract class TrainingHook
{
    /// <summary>Something to add to the loss, recorded for gradients; null for nothing.</summary>
    public virtual TorchTensor? Penalty(TrainingNetwork network) => null;

    /// <summary>Called after the optimizer changed the parameters; gradients are not recorded.</summary>
    /// <param name="network">The network in training.</param>
    /// <param name="step">Steps done, from 1.</param>
    /// <param name="steps">Steps in all.</param>
    public virtual void AfterStep(TrainingNetwork network, long step, long steps) { }

    /// <summary>Called after each epoch.</summary>
    /// <param name="state">What a checkpoint would hold, made only if it is asked for.</param>
    /// <param name="metrics">The epoch's metrics.</param>
    public virtual void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) { }
}

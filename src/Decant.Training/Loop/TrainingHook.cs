using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// What takes part in training without being the loop: a regularizer, a projection, a schedule, a checkpoint. Every
/// method may stay as it is. A hook serves one training.
/// </summary>
public abstract class TrainingHook : IDisposable
{
    /// <summary>
    /// A parameterization of the hook's own for a weight; null for that of its encoding. The network that asks
    /// disposes of it.
    /// </summary>
    public virtual WeightParameterization? Parameterize(Weight weight) => null;

    /// <summary>
    /// A parameterization for a weight that says how an operator computes, such as a scale of QuantizeLinear; null,
    /// and it is not
    /// trained.
    /// </summary>
    public virtual WeightParameterization? ParameterizeSetting(Weight weight) => null;

    /// <summary>
    /// What replaces an activation that a node makes in training, recorded for gradients; null,
    /// and the value stays.
    /// Asked once for each value.
    /// </summary>
    public virtual Func<TorchTensor, TorchTensor>? Passing(Node node, string value) => null;

    /// <summary>Checks that weights are trained, for a hook that would otherwise do nothing to them.</summary>
    /// <exception cref="ModelException">One is not; it is named.</exception>
    protected static void EnsureTrained(TrainingNetwork network, IEnumerable<string> weights)
    {
        foreach (string weight in weights)
            if (!network.Parameterizations.ContainsKey(weight))
                throw new ModelException($"weight '{weight}' is not trained; leave it out of 'weights'");
    }

    /// <summary>Tensors by name that the hook changes and a checkpoint must hold, those of its parameterizations
    /// apart.</summary>
    public virtual IEnumerable<KeyValuePair<string, TorchTensor>> State => [];

    /// <summary>
    /// Called once, before the first step and before a checkpoint is restored; gradients are not recorded.
    /// </summary>
    public virtual void Begin(TrainingNetwork network) { }

    /// <summary>Called before the network runs; gradients are not recorded.</summary>
    /// <param name="network">The network in training.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all.</param>
    public virtual void BeforeStep(TrainingNetwork network, long step, long steps) { }

    /// <summary>
    /// By what the loss on labels is multiplied; those of several hooks are multiplied with each other.
    /// </summary>
    public virtual double LabelWeight => 1;

    /// <summary>Something to add to the loss, recorded for gradients; null for nothing.</summary>
    public virtual TorchTensor? Penalty(TrainingStep step) => null;

    /// <summary>
    /// Called when the gradients are there and the parameters have not changed yet; gradients are not recorded.
    /// </summary>
    public virtual void AfterBackward(TrainingStep step) { }

    /// <summary>Called after the optimizer changed the parameters; gradients are not recorded.</summary>
    /// <param name="network">The network in training.</param>
    /// <param name="step">Steps done, from 1.</param>
    /// <param name="steps">Steps in all.</param>
    public virtual void AfterStep(TrainingNetwork network, long step, long steps) { }

    /// <summary>Called after each epoch.</summary>
    /// <param name="state">What a checkpoint would hold, made only if it is asked for.</param>
    /// <param name="metrics">The epoch's metrics.</param>
    public virtual void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the hook holds.</summary>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>One step of training, as hooks see it: after the network ran, before the parameters change.</summary>
/// <param name="Network">The network in training; values of its last run can be read.</param>
/// <param name="Images">The batch as the network's first input.</param>
/// <param name="Targets">The batch's target, such as the class of each example; null where the data have
/// none.</param>
/// <param name="Outputs">The network's first output, recorded for gradients.</param>
/// <param name="Step">Steps done before this one.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record TrainingStep(
    TrainingNetwork Network,
    TorchTensor Images,
    TorchTensor? Targets,
    TorchTensor Outputs,
    long Step,
    long Steps
)
{
    /// <summary>All of the network's inputs, in their order.</summary>
    public IReadOnlyList<TorchTensor> Inputs { get; init; } = [Images];

    /// <summary>The batch's target, for who cannot do without.</summary>
    /// <exception cref="DataException">The data have none.</exception>
    public TorchTensor Labels =>
        Targets ?? throw new DataException("the data have no targets, such as labels, and a loss needs them");

    /// <summary>
    /// The mask of positions, examples × positions: 0 for those that only pad an example, which no loss should count.
    /// Null where examples are not padded.
    /// </summary>
    public TorchTensor? Mask { get; init; }

    /// <summary>The learning rate of the step.</summary>
    public double LearningRate { get; init; }
}

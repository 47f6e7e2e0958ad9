using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>What training minimizes for a task: a differentiable function of outputs and targets.</summary>
public interface ITaskLoss
{
    /// <summary>The mean loss of a batch, recorded for gradients.</summary>
    /// <param name="outputs">The network's first output; axis 0 is the batch.</param>
    /// <param name="targets">The batch's target.</param>
    TorchTensor Of(TorchTensor outputs, TorchTensor targets);
}

/// <summary>The losses of the tasks that come with Decant.</summary>
public static class TaskLosses
{
    /// <summary>The loss by which networks are trained for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="options">Which of a task's losses, and its parameters.</param>
    /// <exception cref="DataException">The task has none: networks cannot be trained for it.</exception>
    public static ITaskLoss For(LearningTask task, TrainingOptions options) =>
        task switch
        {
            ITrainableTask own => own.Loss(options),
            Classification when options.Loss == LossKind.SquaredHinge => new SquaredHinge(),
            Classification => new CrossEntropy(options.LabelSmoothing),
            _ => throw new DataException(
                $"there is no loss for the task '{task.Name}': only classification, on data with a class for each "
                    + "example, can be trained"
            ),
        };
}

/// <summary>A task of one's own that networks can be trained for.</summary>
public interface ITrainableTask
{
    /// <summary>What training minimizes.</summary>
    ITaskLoss Loss(TrainingOptions options);
}

/// <summary>The cross-entropy of softmax(outputs) with classes.</summary>
/// <param name="labelSmoothing">The share of each target that is spread over all classes.</param>
public sealed class CrossEntropy(double labelSmoothing = 0) : ITaskLoss
{
    /// <inheritdoc/>
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets) => outputs.CrossEntropy(targets, labelSmoothing);
}

/// <summary>The loss of <see cref="LossKind.SquaredHinge"/>.</summary>
public sealed class SquaredHinge : ITaskLoss
{
    /// <summary>The loss, recorded for gradients.</summary>
    /// <param name="outputs">An output an example and class: N×C.</param>
    /// <param name="targets">N classes, 64-bit.</param>
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets)
    {
        TorchTensor isLabel = targets.Unsqueeze(1).Eq(Ops.Arange(0, outputs.Shape[1]));
        TorchTensor signs = isLabel.To(TorchType.Float32).Mul(2).Sub(1);
        return outputs.Mul(signs).Neg().Add(1).Relu().Pow(2).Mean();
    }
}

/// <summary>A network in training as an executor: what it answers now, without gradients.</summary>
internal sealed class TrainingExecutor(TrainingNetwork network) : IExecutor
{
    public string Name => "torch";

    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor[] given = [.. inputs.Select(i => i.ToTorch())];
        return [.. network.Forward(training: false, given).Select(o => o.ToTensor())];
    }

    /// <summary>Does nothing: the network belongs to its training.</summary>
    public void Dispose() { }
}

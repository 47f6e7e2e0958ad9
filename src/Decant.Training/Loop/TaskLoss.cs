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
    /// <summary>The loss by which a network is trained for a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="options">Which of a task's losses, and its parameters.</param>
    /// <param name="network">The network; its first output is trained.</param>
    /// <param name="data">What it is trained on.</param>
    /// <exception cref="DataException">The task has none, scores another output than the first, or does not fit the
    /// network and the data.</exception>
    public static ITaskLoss For(LearningTask task, TrainingOptions options, Network network, IDataSource data)
    {
        task.CheckFits(network, data);
        if (task.ScoredOutput(network, data) is > 0 and var output)
            throw new DataException(
                $"training minimizes the loss of the first output, '{network.Outputs[0].Name}', and {task.Name} scores "
                    + $"'{network.Outputs[output].Name}': make that the first output"
            );
        return task switch
        {
            ITrainableTask own => own.Loss(options),
            Classification when options.Loss == LossKind.SquaredHinge => new SquaredHinge(),
            Classification => new CrossEntropy(options.LabelSmoothing),
            MultiLabel labels => new BinaryCrossEntropy(labels.AreProbabilities(network, data)),
            Regression or Restoration => new MeanSquaredError(),
            Segmentation maps => new PixelCrossEntropy(maps.Options.Ignored),
            _ => throw new DataException(
                $"there is no loss for the task '{task.Name}': networks are trained for classification, multi-label, "
                    + "regression, segmentation and restoration, on data with targets"
            ),
        };
    }

    /// <summary>Whether networks can be trained for a task.</summary>
    internal static bool IsTrainable(LearningTask task) =>
        task is ITrainableTask or Classification or MultiLabel or Regression or Restoration or Segmentation;
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

/// <summary>
/// The mean over examples and labels of −t·log p − (1 − t)·log(1 − p), p the probability of a label and t
/// its target.
/// </summary>
/// <param name="ofProbabilities">Whether outputs are probabilities; else they are logits, p = σ(output).</param>
public sealed class BinaryCrossEntropy(bool ofProbabilities = false) : ITaskLoss
{
    /// <inheritdoc/>
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets)
    {
        TorchTensor wanted = targets.To(outputs.Type).Reshape(outputs.Shape);
        return ofProbabilities ? outputs.BinaryCrossEntropy(wanted) : outputs.BinaryCrossEntropyOfLogits(wanted);
    }
}

/// <summary>The mean over all elements of (output − target)².</summary>
public sealed class MeanSquaredError : ITaskLoss
{
    /// <inheritdoc/>
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets) =>
        outputs.MseLoss(targets.To(outputs.Type).Reshape(outputs.Shape));
}

/// <summary>The mean over pixels that count of the cross-entropy of softmax(outputs) with the pixel's class.</summary>
/// <param name="ignored">The class of pixels that do not count; negative ones never do.</param>
public sealed class PixelCrossEntropy(int ignored = 255) : ITaskLoss
{
    // What libtorch leaves out.
    private const long LeftOut = -100;

    /// <summary>The loss, recorded for gradients; 0 where no pixel counts.</summary>
    /// <param name="outputs">A score a class and pixel: N×C×H×W.</param>
    /// <param name="targets">Integers, N×H×W or N×1×H×W.</param>
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets)
    {
        long[] shape = outputs.Shape;
        TorchTensor classes = targets.To(TorchType.Int64).Reshape(shape[0], shape[2], shape[3]);
        classes = classes.MaskedFill(classes.Lt(0), LeftOut).MaskedFill(classes.Eq(ignored), LeftOut);
        double counted = classes.Ge(0).CountNonZero().ToInt64();
        return outputs.CrossEntropy(classes, sum: true).Div(Math.Max(1, counted));
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

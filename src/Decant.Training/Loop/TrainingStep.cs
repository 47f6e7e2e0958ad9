using Decant.Torch;

namespace Decant.Training;

/// <summary>One step of training, as hooks see it: after the network ran, before the parameters change.</summary>
/// <param name="Network">The network in training; values of its last run can be read.</param>
/// <param name="Images">The batch as the network's input.</param>
/// <param name="Labels">The classes of the batch.</param>
/// <param name="Outputs">The network's first output, recorded for gradients.</param>
/// <param name="Step">Steps done before this one.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record TrainingStep(TrainingNetwork Network, TorchTensor Images, TorchTensor Labels, TorchTensor Outputs, long Step, long Steps)
{
    /// <summary>The learning rate of the step.</summary>
    public double LearningRate { get; init; }
}

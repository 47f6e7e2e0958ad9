namespace Decant.Torch.Optimizers;

/// <summary>What an optimizer remembers between steps; with the parameters and the learning rate it decides all later steps.</summary>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Tensors">
/// The optimizer's own tensors by name (<c>momentum.conv1.weight</c>), not copies: read or save them before the next step.
/// </param>
public sealed record OptimizerState(long Steps, IReadOnlyDictionary<string, TorchTensor> Tensors);

namespace Decant.Torch.Optimizers;

/// <summary>A tensor that an optimizer updates.</summary>
/// <param name="Name">Its name, unique in the optimizer: it names its state in a checkpoint.</param>
/// <param name="Tensor">The leaf tensor, which outlives the optimizer.</param>
/// <param name="Decay">Whether weight decay applies to it.</param>
public sealed record Parameter(string Name, TorchTensor Tensor, bool Decay = true);

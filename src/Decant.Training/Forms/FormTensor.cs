using Decant.Torch;

namespace Decant.Training;

/// <summary>A tensor that a weight's form owns and a checkpoint holds.</summary>
/// <param name="Suffix">Follows the weight's name in the checkpoint; empty for the one that stands for the weight itself.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="IsTrained">Whether the optimizer changes it; a mask, for one, is not.</param>
/// <param name="IsDecayed">Whether weight decay applies to it.</param>
public sealed record FormTensor(string Suffix, TorchTensor Tensor, bool IsTrained = true, bool IsDecayed = true);

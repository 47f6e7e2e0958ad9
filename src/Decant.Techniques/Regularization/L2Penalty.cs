using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>Σ w²; its proximal step is w / (1 + 2 · step), decoupled weight decay.</summary>
internal sealed class L2Penalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Mul(weight).Sum();

    /// <inheritdoc/>
    public override void Shrink(TorchTensor parameter, TorchTensor weight, double step) => parameter.Mul_(1 / (1 + 2 * step));
}

using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>Σ |w|; its proximal step is soft thresholding, sign(w) · max(0, |w| − step).</summary>
internal sealed class L1Penalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Abs().Sum();

    /// <inheritdoc/>
    // w − clamp(w, −step, step): the same, and never a negative zero.
    public override void Shrink(TorchTensor parameter, TorchTensor weight, double step) => parameter.Sub_(parameter.Clamp(-step, step));
}

using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>
/// Σ |w − q(w)|, q(w) the nearest number on a grid of some bits about 0 that reaches to the greatest |w|: draws numbers to where
/// quantization will put them. The grid's step does not count for the gradient.
/// </summary>
internal sealed class GridPenalty(int bits) : WeightPenalty
{
    private const double Least = 1e-12;

    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor fixedWeight = weight.Detach(), step = fixedWeight.Abs().Max().Div((1 << (bits - 1)) - 1).Clamp(min: Least);
        return weight.Sub(fixedWeight.Div(step).Round().Mul(step)).Abs().Sum();
    }
}

using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>
/// Σ (w/w₀)² / (1 + (w/w₀)²): a parabola near zero and a constant far from it, so that decay, 2w/w₀² / (1 + (w/w₀)²)², falls on the
/// numbers below w₀ (biased weight decay: Hanson, Pratt 1989; with w₀: Weigend, Rumelhart, Huberman 1991). It has no proximal step.
/// </summary>
internal sealed class HansonPrattPenalty(double w0) : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor squares = weight.Mul(weight).Mul(1 / (w0 * w0));
        return squares.Div(squares.Add(1)).Sum();
    }
}

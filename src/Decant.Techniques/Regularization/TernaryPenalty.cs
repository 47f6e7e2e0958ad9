using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>Σ w²·|1 − w²|: zero at −1, 0 and 1, to which it draws numbers; beyond 1 it grows, where w²(1 − w²) would fall without end.</summary>
internal sealed class TernaryPenalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor squares = weight.Mul(weight);
        return squares.Mul(squares.Neg().Add(1).Abs()).Sum();
    }
}

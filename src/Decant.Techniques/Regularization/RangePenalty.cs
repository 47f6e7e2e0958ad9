using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>max w − min w: keeps the range that a quantizer must cover tight.</summary>
internal sealed class RangePenalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Max().Sub(weight.Min());
}

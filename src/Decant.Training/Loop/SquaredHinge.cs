using Decant.Torch;

namespace Decant.Training;

/// <summary>The loss of <see cref="LossKind.SquaredHinge"/>.</summary>
internal static class SquaredHinge
{
    /// <summary>The loss, recorded for gradients.</summary>
    /// <param name="outputs">A number an image and class: N×C.</param>
    /// <param name="labels">N classes, 64-bit.</param>
    public static TorchTensor Of(TorchTensor outputs, TorchTensor labels)
    {
        TorchTensor isLabel = labels.Unsqueeze(1).Eq(Ops.Arange(0, outputs.Shape[1]));
        TorchTensor targets = isLabel.To(TorchType.Float32).Mul(2).Sub(1);
        return outputs.Mul(targets).Neg().Add(1).Relu().Pow(2).Mean();
    }
}

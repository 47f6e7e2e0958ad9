using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class DequantizeLinear
{
    public static TorchKernel Make(Op.DequantizeLinear op) => x =>
    {
        // In training, integers come as floats that gradients pass.
        TorchType type = x.Training && x[0].Type == TorchType.Float32 ? TorchType.Float32 : TorchType.Int64;
        TorchTensor integers = x[0].To(type), scale = Quantizing.Spread(x[1], x[0], op.Axis, op.Block).To(TorchType.Float32);
        if (x.Optional(2) is { } zero) integers = integers.Sub(Quantizing.Spread(zero, x[0], op.Axis, op.Block).To(type));
        return Casting.To(integers.To(TorchType.Float32).Mul(scale), op.To(x.Types[1]));
    };
}

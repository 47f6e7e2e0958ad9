using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class DequantizeLinear
{
    public static TorchKernel Make(Op.DequantizeLinear op) => x =>
    {
        TorchTensor integers = x[0].To(TorchType.Int64), scale = Quantizing.Spread(x[1], x[0], op.Axis, op.Block).To(TorchType.Float32);
        if (x.Optional(2) is { } zero) integers = integers.Sub(Quantizing.Spread(zero, x[0], op.Axis, op.Block).To(TorchType.Int64));
        return Casting.To(integers.To(TorchType.Float32).Mul(scale), op.To(x.Types[1]));
    };
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class QuantizeLinear
{
    public static TorchKernel Make(Op.QuantizeLinear op) => x =>
    {
        TorchTensor? zeroPoint = x.Optional(2) is { } zero ? Quantizing.Spread(zero, x[0], op.Axis, op.Block) : null;
        TorchTensor scale = Quantizing.Spread(x[1], x[0], op.Axis, op.Block);
        if (x.Training) return Quantizing.Trained(x[0].To(TorchType.Float32), scale, zeroPoint, op.To(zeroPoint is null ? null : x.Types[2]));
        return Quantizing.Round(x[0].To(TorchType.Float32), scale, zeroPoint, op.To(zeroPoint is null ? null : x.Types[2]));
    };
}

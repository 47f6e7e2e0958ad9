using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ThresholdedRelu
{
    private static readonly TorchOp Threshold = new("aten::threshold");

    public static TorchKernel Make(Op.ThresholdedRelu op) => x => Threshold.Call(x[0], op.Alpha, 0);
}

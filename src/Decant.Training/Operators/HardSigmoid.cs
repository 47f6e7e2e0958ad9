using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class HardSigmoid
{
    public static TorchKernel Make(Op.HardSigmoid op) => x => x[0].Mul(op.Alpha).Add(op.Beta).Clamp(0, 1);
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceSumSquare
{
    public static TorchKernel Make(Op.ReduceSumSquare op) => x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t.Mul(t), axes, keep));
}

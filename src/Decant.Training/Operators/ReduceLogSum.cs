using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceLogSum
{
    public static TorchKernel Make(Op.ReduceLogSum op) => x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t, axes, keep).AsFloat(Ops.Log));
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceLogSumExp
{
    private static readonly TorchOp LogSumExp = new("aten::logsumexp");

    public static TorchKernel Make(Op.ReduceLogSumExp op) => x => Reducing.Run(op, x, (t, axes, keep) => LogSumExp.Call(t, axes, keep), double.NegativeInfinity);
}

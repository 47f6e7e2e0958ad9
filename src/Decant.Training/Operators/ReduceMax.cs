using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceMax
{
    public static TorchKernel Make(Op.ReduceMax op) => x => Extremes.Max(op, x);
}

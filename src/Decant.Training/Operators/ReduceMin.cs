using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceMin
{
    public static TorchKernel Make(Op.ReduceMin op) => x => Extremes.Min(op, x);
}

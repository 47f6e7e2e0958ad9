using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceSum
{
    public static TorchKernel Make(Op.ReduceSum op) => x => Reducing.Run(op, x, Reducing.Sum);
}

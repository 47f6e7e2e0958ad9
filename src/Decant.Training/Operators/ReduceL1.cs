using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceL1
{
    public static TorchKernel Make(Op.ReduceL1 op) => x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t.Abs(), axes, keep));
}

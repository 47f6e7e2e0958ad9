using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LRN
{
    private static readonly TorchOp Unfold = new("aten::unfold");

    public static TorchKernel Make(Op.LRN op) => x =>
    {
        var padding = new long[2 * (x[0].Rank - 1)];
        (padding[^2], padding[^1]) = ((op.Size - 1) / 2, op.Size / 2);
        TorchTensor sums = Unfold.Call(x[0].Mul(x[0]).ConstantPad(padding), 1, op.Size, 1).Sum([-1]);
        return x[0].Div(sums.Mul(op.Alpha / op.Size).Add(op.Bias).Pow(op.Beta));
    };
}

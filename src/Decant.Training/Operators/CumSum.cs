using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class CumSum
{
    private static readonly TorchOp Running = new("aten::cumsum"), Flip = new("aten::flip");

    public static TorchKernel Make(Op.CumSum op) => x => Run(op, x[0], Shapes.Of(x[0]).Axis(x.Integers(1)![0]));

    private static TorchTensor Run(Op.CumSum op, TorchTensor x, int axis)
    {
        if (op.Reverse) x = Flip.Call(x, new long[] { axis });
        TorchTensor sums = Running.Call(x, axis, x.Type);
        if (op.Exclusive && x.Size(axis) > 0)
        {
            var front = new long[2 * (x.Rank - axis)];
            front[^2] = 1;
            sums = sums.Slice(axis, 0, x.Size(axis) - 1).ConstantPad(front);
        }
        return op.Reverse ? Flip.Call(sums, new long[] { axis }) : sums;
    }
}

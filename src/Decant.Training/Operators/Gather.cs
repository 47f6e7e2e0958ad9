using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Gather
{
    public static TorchKernel Make(Op.Gather op) => x =>
    {
        long[] sizes = x[0].Shape, indices = x[1].Shape;
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        return x[0].IndexSelect(axis, x[1].FromStart(sizes[axis]).Reshape(-1)).Reshape([.. sizes[..axis], .. indices, .. sizes[(axis + 1)..]]);
    };
}

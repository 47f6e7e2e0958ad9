using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class GatherElements
{
    public static TorchKernel Make(Op.GatherElements op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        return x[0].Gather(axis, x[1].FromStart(x[0].Size(axis)));
    };
}

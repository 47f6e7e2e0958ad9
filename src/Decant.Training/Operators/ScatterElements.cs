using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ScatterElements
{
    private static readonly TorchOp Reduce = new("aten::scatter_reduce.two");

    public static TorchKernel Make(Op.ScatterElements op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        TorchTensor places = x[1].FromStart(x[0].Size(axis));
        return op.Reduction switch
        {
            "none" => x[0].Scatter(axis, places, x[2]),
            "add" => x[0].ScatterAdd(axis, places, x[2]),
            "mul" => Reduce.Call(x[0], axis, places, x[2], "prod", true),
            var extreme => Reduce.Call(x[0], axis, places, x[2], extreme == "max" ? "amax" : "amin", true),
        };
    };
}

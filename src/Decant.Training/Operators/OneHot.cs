using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class OneHot
{
    public static TorchKernel Make(Op.OneHot op) => x =>
    {
        Core.Shape indices = Shapes.Of(x[0]), result = op.Infer(x.Known(1))[0]!.Shape!.Value;
        int axis = op.Axis(indices), depth = result[axis];
        var along = new long[result.Rank];
        Array.Fill(along, 1);
        along[axis] = depth;
        TorchTensor on = x[0].FromStart(depth).Unsqueeze(axis).Eq(Ops.Arange(0, depth).Reshape(along));
        return on.Where(x[2].Select(0, 1), x[2].Select(0, 0));
    };
}

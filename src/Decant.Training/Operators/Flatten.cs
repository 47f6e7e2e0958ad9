using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Flatten
{
    public static TorchKernel Make(Op.Flatten op) => x =>
        op.Axis == 1 && x[0].Rank > 1 ? x[0].Flatten(1, -1) : General(op, x[0]);

    private static TorchTensor General(Op.Flatten op, TorchTensor x)
    {
        Core.Shape to = op.Output(Shapes.Of(x));
        return x.Reshape(to[0], to[1]);
    }
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Reshape
{
    public static TorchKernel Make(Op.Reshape op) => x => x[0].Reshape(Shapes.Sizes(op.Output(Shapes.Of(x[0]), x.Integers(1))));
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Expand
{
    public static TorchKernel Make(Op.Expand op) => x => x[0].Expand(Shapes.Sizes(op.Infer(x.Known(1))[0]!.Shape!.Value));
}

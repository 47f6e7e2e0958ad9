using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Tile
{
    private static readonly TorchOp Repeat = new("aten::repeat");

    public static TorchKernel Make(Op.Tile op) => x =>
    {
        op.Infer(x.Known(1));
        return Repeat.Call(x[0], x.Integers(1));
    };
}

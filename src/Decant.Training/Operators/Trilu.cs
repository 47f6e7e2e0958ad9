using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Trilu
{
    private static readonly TorchOp Upper = new("aten::triu"), Lower = new("aten::tril");

    public static TorchKernel Make(Op.Trilu op) => x =>
        (op.Upper ? Upper : Lower).Call(x[0], Math.Clamp(Op.Trilu.Diagonal(x.Integers(1)), -int.MaxValue, int.MaxValue));
}

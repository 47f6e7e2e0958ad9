using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Mod
{
    private static readonly TorchOp Fmod = new("aten::fmod.Tensor");
    private static readonly TorchOp Remainder = new("aten::remainder.Tensor");

    public static TorchKernel Make(Op.Mod op) => x => (op.Truncated ? Fmod : Remainder).Call(x[0], x[1]);
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Selu
{
    private static readonly TorchOp EluOp = new("aten::elu");

    public static TorchKernel Make(Op.Selu op) => x => EluOp.Call(x[0], op.Alpha, op.Gamma, 1);
}

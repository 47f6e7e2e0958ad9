using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Celu
{
    private static readonly TorchOp EluOp = new("aten::elu");

    public static TorchKernel Make(Op.Celu op) => x => EluOp.Call(x[0], op.Alpha, 1, 1 / (double)op.Alpha);
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceL2
{
    private static readonly TorchOp Norm = new("aten::linalg_vector_norm");

    public static TorchKernel Make(Op.ReduceL2 op) => x => Reducing.Run(op, x, (t, axes, keep) => t.AsFloat(f => Norm.Call(f, 2.0, axes, keep)));
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceProd
{
    private static readonly TorchOp Product = new("aten::prod.dim_int");

    public static TorchKernel Make(Op.ReduceProd op) => x => Reducing.Run(op, x, Run);

    /// <summary>One axis after the other, the last first, so that the others keep their place.</summary>
    private static TorchTensor Run(TorchTensor x, long[] axes, bool keep)
    {
        foreach (long axis in axes.Reverse()) x = Product.Call(x, axis, keep, x.Type);
        return x;
    }
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ConstantOfShape
{
    public static TorchKernel Make(Op.ConstantOfShape op) =>
        x =>
        {
            long[] sizes = Shapes.Sizes(op.Infer(x.Known(0))[0]!.Shape!.Value),
                ones = new long[sizes.Length];
            Array.Fill(ones, 1);
            return op.Value.ToTorch().Reshape(ones).Expand(sizes).Contiguous();
        };
}

internal static class Range
{
    public static TorchKernel Make(Op.Range op) =>
        x =>
        {
            int count = op.Infer(x.Known(0, 1, 2))[0]!.Shape!.Value[0];
            return Ops.Arange(0, count).To(x[0].Type).Mul(x[2].Reshape([])).Add(x[0].Reshape([]));
        };
}

using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>What is selected has no gradient, so it is computed where the operator says how.</summary>
internal static class NonMaxSuppression
{
    public static TorchKernel Make(Op.NonMaxSuppression op) =>
        x =>
        {
            OperatorInputs known = x.Known(0, 1, 2, 3, 4);
            return op.Select(known.Constant(0)!, known.Constant(1)!, known).ToTorch();
        };
}

/// <summary>Elements that differ, found where the operator says how.</summary>
internal static class Unique
{
    private static readonly TorchOp Select = new("aten::index_select");

    public static TorchKernel Make(Op.Unique op) =>
        x =>
        {
            var (firsts, inverse, counts) = op.Find(x.Known(0).Constant(0)!);
            TorchTensor places = Tensor.Vector(Array.ConvertAll(firsts, f => (long)f)).ToTorch();
            long[][] others = [inverse, counts];
            if (x.Wants(1))
                x.SetOutput(1, places);
            for (int i = 0; i < others.Length; i++)
                if (x.Wants(i + 2))
                    x.SetOutput(i + 2, Tensor.Vector(others[i]).ToTorch());
            TorchTensor values = op.HasAxis ? x[0] : x[0].Reshape(-1);
            return Select.Call(values, op.Axis(Shapes.Of(x[0])), places);
        };
}

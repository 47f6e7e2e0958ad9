using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>The place of the greatest or least along an axis; the last of equals is the first of the flipped.</summary>
internal static class ArgumentSearch
{
    private static readonly TorchOp Flip = new("aten::flip");

    public static TorchTensor Run(ArgumentReduction op, TorchTensor x, Func<TorchTensor, int, bool, TorchTensor> first) => op.Last
        ? TorchTensor.Scalar(x.Size(op.Axis) - 1).Sub(first(Flip.Call(x, new long[] { op.Axis }), op.Axis, op.KeepDims))
        : first(x, op.Axis, op.KeepDims);
}

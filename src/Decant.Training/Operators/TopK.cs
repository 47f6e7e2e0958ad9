using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class TopK
{
    private static readonly TorchOp Sort = new("aten::sort.stable");

    /// <summary>Sorted whole: libtorch's own topk says nothing of the order of equal numbers.</summary>
    public static TorchKernel Make(Op.TopK op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        long k = op.Infer(x.Known(1))[0]!.Shape!.Value[axis];
        TorchTensor?[] sorted = Sort.CallMany(x[0], true, axis, op.Largest);
        if (x.Wants(1)) x.SetOutput(1, sorted[1]!.Slice(axis, 0, k));
        return sorted[0]!.Slice(axis, 0, k);
    };
}

using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>ONNX Shape. Its name leaves Shape to the extents of a tensor.</summary>
internal static class ShapeOnTorch
{
    public static TorchKernel Make(Op.Inspection.Shape op) => x =>
    {
        var (first, count) = op.Range(x[0].Rank);
        return TorchTensor.From<long>(x[0].Shape.AsSpan(first, count), count);
    };
}

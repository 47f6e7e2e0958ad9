namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Shape. Its name leaves Shape to the extents of a tensor.</summary>
internal static class ShapeKernel
{
    public static Tensor Run(Operators.Inspection.Shape op, Tensor?[] inputs, KernelContext context)
    {
        var (first, count) = op.Range(inputs[0]!.Shape.Rank);
        return Tensor.Vector([.. inputs[0]!.Shape.Dims.Slice(first, count).Select(d => (long)d)]);
    }
}

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ConstantOfShape.</summary>
internal static class ConstantOfShape
{
    public static Tensor Run(Operators.ConstantOfShape op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(op.Value.Type, context.Output);
        StridedCopy.Run(op.Value, 0, context.Output.Dims.AsSpan(), new int[context.Output.Rank], result);
        return result;
    }
}

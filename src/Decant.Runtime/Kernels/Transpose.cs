namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Transpose on every element type.</summary>
internal static class Transpose
{
    public static Tensor Run(Operators.Transpose op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int[] own = Strides.Of(x.Shape);
        StridedCopy.Run(x, 0, context.Output.Dims.AsSpan(), Array.ConvertAll(op.Order(x.Shape.Rank), axis => own[axis]), result);
        return result;
    }
}

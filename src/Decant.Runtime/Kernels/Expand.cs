namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Expand on every element type.</summary>
internal static class Expand
{
    public static Tensor Run(Operators.Expand op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        StridedCopy.Run(x, 0, context.Output.Dims.AsSpan(), Strides.Broadcast(x.Shape, context.Output), result);
        return result;
    }
}

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX NonZero on every element type.</summary>
internal static class NonZero
{
    public static Tensor Run(Operators.NonZero op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(ElementType.Int64, context.Output);
        Span<long> to = result.Span<long>();
        int[] strides = Strides.Of(x.Shape);
        int column = 0, columns = context.Output[1];
        foreach (int place in Operators.NonZero.Places(x))
        {
            for (int axis = 0; axis < strides.Length; axis++) to[axis * columns + column] = place / strides[axis] % x.Shape[axis];
            column++;
        }
        return result;
    }
}

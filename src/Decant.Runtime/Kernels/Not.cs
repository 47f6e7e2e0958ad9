namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Not.</summary>
internal static class Not
{
    public static Tensor Run(Operators.Not op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(ElementType.Bool, context.Output);
        ReadOnlySpan<bool> x = inputs[0]!.Span<bool>();
        Span<bool> y = result.Span<bool>();
        for (int i = 0; i < y.Length; i++) y[i] = !x[i];
        return result;
    }
}

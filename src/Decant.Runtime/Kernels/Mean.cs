namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Mean on every integer and floating-point type.</summary>
internal static class Mean
{
    public static Tensor Run(Operators.Mean op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sum = Broadcasting.Fold<Add>(inputs, context);
        Tensor count = Casting.Convert(Tensor.Scalar((long)inputs.Length), sum.Type, context);
        return Broadcasting.Run<Div>(sum, count, sum, context);
    }
}

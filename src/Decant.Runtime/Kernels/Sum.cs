namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sum on every integer and floating-point type.</summary>
internal static class Sum
{
    public static Tensor Run(Operators.Sum op, Tensor?[] inputs, KernelContext context) => Broadcasting.Fold<Add>(inputs, context);
}

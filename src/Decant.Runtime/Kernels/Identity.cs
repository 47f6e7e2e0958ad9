namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Identity on every element type.</summary>
internal static class Identity
{
    public static Tensor Run(Operators.Identity op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone();
}

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Reshape on every element type.</summary>
internal static class Reshape
{
    public static Tensor Run(Operators.Reshape op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone().Reshape(context.Output);
}

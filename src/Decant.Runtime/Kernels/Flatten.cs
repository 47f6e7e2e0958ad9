namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Flatten on every element type.</summary>
internal static class Flatten
{
    public static Tensor Run(Operators.Flatten op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone().Reshape(context.Output);
}

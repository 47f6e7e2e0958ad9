namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Squeeze on every element type.</summary>
internal static class Squeeze
{
    public static Tensor Run(Operators.Squeeze op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone().Reshape(context.Output);
}

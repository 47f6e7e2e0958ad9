namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Unsqueeze on every element type.</summary>
internal static class Unsqueeze
{
    public static Tensor Run(Operators.Unsqueeze op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone().Reshape(context.Output);
}

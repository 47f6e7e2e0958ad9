namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ArgMax on every integer and floating-point type.</summary>
internal static class ArgMax
{
    public static Tensor Run(Operators.ArgMax op, Tensor?[] inputs, KernelContext context) => ArgumentSearch.Run(op, least: false, inputs[0]!, context);
}

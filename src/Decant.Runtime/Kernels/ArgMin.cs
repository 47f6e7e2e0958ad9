namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ArgMin on every integer and floating-point type.</summary>
internal static class ArgMin
{
    public static Tensor Run(Operators.ArgMin op, Tensor?[] inputs, KernelContext context) => ArgumentSearch.Run(op, least: true, inputs[0]!, context);
}

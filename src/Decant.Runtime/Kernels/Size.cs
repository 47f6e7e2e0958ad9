namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Size.</summary>
internal static class Size
{
    public static Tensor Run(Operators.Size op, Tensor?[] inputs, KernelContext context) => Tensor.Scalar((long)inputs[0]!.Count);
}

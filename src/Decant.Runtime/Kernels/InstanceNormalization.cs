namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX InstanceNormalization on floating-point tensors.</summary>
internal static class InstanceNormalization
{
    public static Tensor Run(Operators.InstanceNormalization op, Tensor?[] inputs, KernelContext context) =>
        GroupRows.Run(Math.Max(1, inputs[0]!.Shape[1]), op.Epsilon, inputs, context);
}

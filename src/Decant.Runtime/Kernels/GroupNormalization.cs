namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GroupNormalization on floating-point tensors.</summary>
internal static class GroupNormalization
{
    public static Tensor Run(Operators.GroupNormalization op, Tensor?[] inputs, KernelContext context) =>
        GroupRows.Run(op.Groups, op.Epsilon, inputs, context);
}

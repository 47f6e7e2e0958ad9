namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX RMSNormalization on floating-point tensors; the mean square is in double precision.</summary>
internal static class RMSNormalization
{
    public static Tensor Run(Operators.RMSNormalization op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(inputs[0]!.Type, context.Output);
        new LayerRows(context.Output.Axis(op.Axis), op.Epsilon, Centered: false).Run(inputs, [result], context);
        return result;
    }
}

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LayerNormalization on floating-point tensors; statistics are in double precision.</summary>
internal static class LayerNormalization
{
    public static Tensor[] Run(Operators.LayerNormalization op, Tensor?[] inputs, KernelContext context)
    {
        Tensor[] outputs = Outputs.Make(op, context);
        new LayerRows(context.Output.Axis(op.Axis), op.Epsilon, Centered: true).Run(inputs, outputs, context);
        return outputs;
    }
}

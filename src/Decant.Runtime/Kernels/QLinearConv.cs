namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX QLinearConv; sums are exact, scales are applied in doubles.</summary>
internal static class QLinearConv
{
    public static Tensor Run(Operators.QLinearConv op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sums = ConvInteger.Run(op.Convolution, inputs[0]!, inputs[2], inputs[3]!, inputs[5], inputs.ElementAtOrDefault(8), context);
        Tensor real = Casting.Convert(sums, ElementType.Float64, context);
        foreach (Tensor scale in new[] { inputs[1]!, ConvInteger.PerChannel(inputs[4]!, real.Shape.Rank - 1) })
            Broadcasting.Run<Mul>(real, Casting.Convert(scale, ElementType.Float64, context), real, context);
        return Quantizing.Quantize(real, inputs[6]!, inputs[7], Scaling.Of(real.Shape, inputs[6]!.Shape, 1, 0), inputs[7]!.Type, context);
    }
}

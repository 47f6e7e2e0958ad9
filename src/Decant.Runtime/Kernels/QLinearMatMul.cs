namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX QLinearMatMul; products are exact, scales are applied in doubles.</summary>
internal static class QLinearMatMul
{
    public static Tensor Run(Operators.QLinearMatMul op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sums = MatMulInteger.Run(inputs[0]!, inputs[2], inputs[3]!, inputs[5], context);
        Tensor real = Casting.Convert(sums, ElementType.Float64, context);
        foreach (Tensor scale in new[] { MatMulInteger.PerRow(inputs[1]!), inputs[4]! })
            Broadcasting.Run<Mul>(real, Casting.Convert(scale, ElementType.Float64, context), real, context);
        return Quantizing.Quantize(real, inputs[6]!, inputs[7], Scaling.Of(real.Shape, inputs[6]!.Shape, -1, 0), inputs[7]!.Type, context);
    }
}

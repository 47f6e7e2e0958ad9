namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX QuantizeLinear to integers of 4 to 32 bits, in single precision.</summary>
internal static class QuantizeLinear
{
    public static Tensor Run(Operators.QuantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, scale = inputs[1]!;
        Tensor? zeroPoint = inputs.ElementAtOrDefault(2);
        return Quantizing.Quantize(Casting.Convert(x, ElementType.Float32, context), scale, zeroPoint,
            Scaling.Of(x.Shape, scale.Shape, op.Axis, op.Block), op.To(zeroPoint?.Type), context);
    }
}

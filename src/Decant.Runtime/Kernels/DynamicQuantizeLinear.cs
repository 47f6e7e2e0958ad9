namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX DynamicQuantizeLinear on Float32.</summary>
internal static class DynamicQuantizeLinear
{
    public static Tensor[] Run(Operators.DynamicQuantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (x.Type != ElementType.Float32) throw new ModelException($"an input of {x.Type}; it must be Float32");
        float low = 0, high = 0;
        foreach (float v in x.Span<float>()) (low, high) = (MathF.Min(low, v), MathF.Max(high, v));
        // Where all are 0 any scale says so.
        float scale = high > low ? (high - low) / byte.MaxValue : 1;
        Tensor scales = Tensor.Scalar(scale), zero = Tensor.Scalar((byte)Math.Clamp(MathF.Round(-low / scale), 0, byte.MaxValue));
        return [Quantizing.Quantize(x, scales, zero, Scaling.Of(x.Shape, Shape.Scalar, 0, 0), ElementType.UInt8, context), scales, zero];
    }
}

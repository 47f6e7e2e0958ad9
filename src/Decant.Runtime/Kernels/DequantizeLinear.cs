namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX DequantizeLinear, in single precision.</summary>
internal static class DequantizeLinear
{
    public static Tensor Run(Operators.DequantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, scale = inputs[1]!;
        if (x.Type.IsFloat() || x.Type == ElementType.Bool) throw new ModelException($"an input of {x.Type}; integers stand for numbers");
        Scaling scaling = Scaling.Of(x.Shape, scale.Shape, op.Axis, op.Block);
        return Casting.Convert(Quantizing.Dequantize(x, scale, inputs.ElementAtOrDefault(2), scaling, context), op.To(scale.Type), context);
    }
}

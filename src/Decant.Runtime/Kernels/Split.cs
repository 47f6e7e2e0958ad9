namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Split on every element type.</summary>
internal static class Split
{
    public static Tensor[] Run(Operators.Split op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        Tensor[] parts = Outputs.Make(op, context);
        int axis = x.Shape.Axis(op.Axis), first = 0;
        int[] strides = Strides.Of(x.Shape);
        foreach (Tensor part in parts)
        {
            StridedCopy.Run(x, first, part.Shape.Dims.AsSpan(), strides, part);
            first += part.Shape[axis] * strides[axis];
        }
        return parts;
    }
}

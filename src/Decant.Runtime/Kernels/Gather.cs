namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Gather on every element type: blocks of the axes behind are copied.</summary>
internal static class Gather
{
    public static Tensor Run(Operators.Gather op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int axis = x.Shape.Axis(op.Axis), extent = x.Shape[axis];
        int[] places = Places.On(extent, inputs[1]!);
        if (result.Count == 0) return result;
        int block = checked((int)x.Shape.CountFrom(axis + 1) * x.Type.Size());
        ReadOnlySpan<byte> from = x.Bytes();
        for (Span<byte> to = result.Bytes(); !to.IsEmpty; from = from[(extent * block)..])
            foreach (int place in places)
            {
                from.Slice(place * block, block).CopyTo(to);
                to = to[block..];
            }
        return result;
    }
}

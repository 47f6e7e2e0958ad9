namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GatherND on every element type: blocks of the axes behind are copied.</summary>
internal static class GatherND
{
    public static Tensor Run(Operators.GatherND op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, indices = inputs[1]!, result = Tensor.Zeros(x.Type, context.Output);
        long[] places = context.Known.Integers(1) ?? throw new ModelException($"indices of {indices.Type}; they must be Int32 or Int64");
        int batch = (int)op.BatchDims, taken = indices.Shape[-1], size = x.Type.Size();
        int[] strides = Strides.Of(x.Shape);
        int block = checked((int)x.Shape.CountFrom(batch + taken) * size), whole = (int)x.Shape.CountFrom(batch);
        int perBatch = (int)indices.Shape.CountFrom(batch) / taken;
        Span<byte> to = result.Bytes();
        for (int i = 0; i < places.Length / taken; i++)
        {
            int start = i / perBatch * whole;
            for (int k = 0; k < taken; k++) start += Places.Inside(places[i * taken + k], x.Shape[batch + k]) * strides[batch + k];
            x.Bytes().Slice(start * size, block).CopyTo(to[(i * block)..]);
        }
        return result;
    }
}

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Unique on numeric types and bools.</summary>
internal static class Unique
{
    public static Tensor[] Run(Operators.Unique op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            y = Tensor.Zeros(x.Type, context.Output);
        var (firsts, inverse, counts) = op.Find(x);
        int axis = op.Axis(x.Shape),
            extent = op.HasAxis ? x.Shape[axis] : x.Count,
            size = x.Type.Size() * (op.HasAxis ? (int)x.Shape.CountFrom(axis + 1) : 1);
        ReadOnlySpan<byte> from = x.Bytes();
        Span<byte> to = y.Bytes();
        for (int slice = 0; slice * size < to.Length; slice++)
        {
            var (outer, place) = Math.DivRem(slice, firsts.Length);
            from.Slice((outer * extent + firsts[place]) * size, size).CopyTo(to[(slice * size)..]);
        }
        Tensor[] all =
        [
            y,
            Tensor.Vector(Array.ConvertAll(firsts, f => (long)f)),
            Tensor.Vector(inverse),
            Tensor.Vector(counts),
        ];
        return all[..context.Wanted];
    }
}

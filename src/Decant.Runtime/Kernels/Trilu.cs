namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Trilu on every element type.</summary>
internal static class Trilu
{
    public static Tensor Run(Operators.Trilu op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = inputs[0]!.Clone();
        long diagonal = Operators.Trilu.Diagonal(context.Known.Integers(1));
        int rows = context.Output[-2], columns = context.Output[-1], size = result.Type.Size();
        Span<byte> bytes = result.Bytes();
        for (int row = 0; !bytes.IsEmpty; row = (row + 1) % rows, bytes = bytes[(columns * size)..])
        {
            // The first column that the upper triangle holds, or the first that the lower does not.
            int cut = (int)(Int128.Clamp((Int128)row + diagonal + (op.Upper ? 0 : 1), 0, columns)) * size;
            if (op.Upper) bytes[..cut].Clear();
            else bytes[cut..(columns * size)].Clear();
        }
        return result;
    }
}

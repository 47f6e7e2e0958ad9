using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Transpose on every element type.</summary>
internal static class Transpose
{
    public static Tensor Run(Operators.Transpose op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int[] own = Strides.Of(x.Shape);
        int[] strides = Array.ConvertAll(op.Order(x.Shape.Rank), axis => own[axis]);
        switch (x.Type.Size())
        {
            case 1: Copy<byte>(x, strides, result); break;
            case 2: Copy<ushort>(x, strides, result); break;
            case 4: Copy<uint>(x, strides, result); break;
            default: Copy<ulong>(x, strides, result); break;
        }
        return result;
    }

    private static void Copy<T>(Tensor x, int[] strides, Tensor result) where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(x.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        if (strides.Length == 0 || to.IsEmpty)
        {
            from.CopyTo(to);
            return;
        }
        int width = result.Shape[-1], step = strides[^1];
        int[] outer = [.. result.Shape.Dims.Take(strides.Length - 1)];
        for (int row = 0; row < to.Length / width; row++)
        {
            int at = Strides.Offset(row, outer, strides);
            foreach (ref T cell in to.Slice(row * width, width))
            {
                cell = from[at];
                at += step;
            }
        }
    }
}

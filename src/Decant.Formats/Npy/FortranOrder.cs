using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>Arrays whose first axis runs fastest.</summary>
internal static class FortranOrder
{
    /// <summary>A copy of a tensor, whose elements lie in Fortran order, with them in row-major order.</summary>
    public static Tensor ToRowMajor(Tensor tensor)
    {
        if (tensor.Shape.Rank < 2 || tensor.Count == 0) return tensor;
        Tensor result = Tensor.Zeros(tensor.Type, tensor.Shape);
        switch (tensor.Type.Size())
        {
            case 1: Reorder<byte>(tensor, result); break;
            case 2: Reorder<ushort>(tensor, result); break;
            case 4: Reorder<uint>(tensor, result); break;
            default: Reorder<ulong>(tensor, result); break;
        }
        return result;
    }

    private static void Reorder<T>(Tensor from, Tensor to) where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(from.Bytes());
        Span<T> target = MemoryMarshal.Cast<byte, T>(to.Bytes());
        Shape shape = from.Shape;
        int[] extents = [.. shape.Dims], steps = new int[extents.Length], at = new int[extents.Length];
        for (int axis = 0, step = 1; axis < steps.Length; step *= extents[axis++]) steps[axis] = step;
        for (int i = 0, position = 0; i < target.Length; i++)
        {
            target[i] = source[position];
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                position += steps[axis];
                if (++at[axis] < extents[axis]) break;
                position -= steps[axis] * extents[axis];
                at[axis] = 0;
            }
        }
    }
}

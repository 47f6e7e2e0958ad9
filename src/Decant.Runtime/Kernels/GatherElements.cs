using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GatherElements on every element type.</summary>
internal static class GatherElements
{
    public static Tensor Run(Operators.GatherElements op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int[] places = ElementPlaces.Of(x.Shape, inputs[1]!, x.Shape.Axis(op.Axis));
        switch (x.Type.Size())
        {
            case 1: Pick<byte>(x, places, result); break;
            case 2: Pick<ushort>(x, places, result); break;
            case 4: Pick<uint>(x, places, result); break;
            default: Pick<ulong>(x, places, result); break;
        }
        return result;
    }

    private static void Pick<T>(Tensor x, int[] places, Tensor result) where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(x.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        for (int i = 0; i < places.Length; i++) to[i] = from[places[i]];
    }
}

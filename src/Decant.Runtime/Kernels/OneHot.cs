using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX OneHot: indices of any numeric type, values of any.</summary>
internal static class OneHot
{
    public static Tensor Run(Operators.OneHot op, Tensor?[] inputs, KernelContext context)
    {
        Tensor values = inputs[2]!, result = Tensor.Zeros(values.Type, context.Output);
        if (values.Count != 2) throw new ModelException($"values of shape {values.Shape}; they must be two numbers, off and on");
        double[] indices = context.Known.Numbers(0) ?? throw new ModelException($"indices of {inputs[0]!.Type}; they must be numbers");
        int axis = op.Axis(inputs[0]!.Shape), depth = context.Output[axis], inner = (int)context.Output.CountFrom(axis + 1);
        switch (values.Type.Size())
        {
            case 1: Fill<byte>(values, indices, depth, inner, result); break;
            case 2: Fill<ushort>(values, indices, depth, inner, result); break;
            case 4: Fill<uint>(values, indices, depth, inner, result); break;
            default: Fill<ulong>(values, indices, depth, inner, result); break;
        }
        return result;
    }

    private static void Fill<T>(Tensor values, double[] indices, int depth, int inner, Tensor result) where T : unmanaged
    {
        ReadOnlySpan<T> offOn = MemoryMarshal.Cast<byte, T>(values.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        to.Fill(offOn[0]);
        for (int i = 0; i < indices.Length; i++)
        {
            double index = indices[i] < 0 ? indices[i] + depth : indices[i];
            if (index >= 0 && index < depth) to[(i / inner * depth + (int)index) * inner + i % inner] = offOn[1];
        }
    }
}

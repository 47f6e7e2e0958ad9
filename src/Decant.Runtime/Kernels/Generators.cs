using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ConstantOfShape.</summary>
internal static class ConstantOfShape
{
    public static Tensor Run(Operators.ConstantOfShape op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(op.Value.Type, context.Output);
        StridedCopy.Run(op.Value, 0, context.Output.Dims.AsSpan(), new int[context.Output.Rank], result);
        return result;
    }
}

/// <summary>Computes ONNX Range on floating-point and signed integer types.</summary>
internal static class Range
{
    public static Tensor Run(Operators.Range op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Fill<float>(inputs, context),
            ElementType.Float64 => Fill<double>(inputs, context),
            ElementType.Int16 => Fill<short>(inputs, context),
            ElementType.Int32 => Fill<int>(inputs, context),
            ElementType.Int64 => Fill<long>(inputs, context),
            var type => throw new ModelException(
                $"values of {type}; Range takes floating-point and signed integer types"
            ),
        };

    private static Tensor Fill<T>(Tensor?[] inputs, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor result = Tensor.Zeros(inputs[0]!.Type, context.Output);
        Span<T> to = result.Span<T>();
        T start = inputs[0]!.Span<T>()[0],
            delta = inputs[2]!.Span<T>()[0];
        for (int i = 0; i < to.Length; i++)
            to[i] = start + T.CreateTruncating(i) * delta;
        return result;
    }
}

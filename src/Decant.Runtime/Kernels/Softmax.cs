using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Softmax along one axis; the greatest number is taken off first, so that no exponential overflows.</summary>
internal static class Softmax
{
    public static Tensor Run(Operators.Softmax op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(op, inputs[0]!),
        ElementType.Float64 => Run<double>(op, inputs[0]!),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Operators.Softmax op, Tensor x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor result = x.Clone();
        if (x.Count == 0) return result;
        // A scalar counts as one row of one number.
        Shape shape = x.Shape.Rank == 0 ? new Shape(1) : x.Shape;
        int axis = shape.Axis(op.Axis), extent = shape[axis], step = (int)shape.CountFrom(axis + 1);
        Span<T> values = result.Span<T>();
        for (int block = 0; block < values.Length; block += extent * step)
            for (int i = 0; i < step; i++) Normalize(values[(block + i)..], extent, step);
        return result;
    }

    private static void Normalize<T>(Span<T> row, int extent, int step) where T : IFloatingPointIeee754<T>
    {
        T max = T.NegativeInfinity, sum = T.Zero;
        for (int i = 0; i < extent; i++) max = T.Max(max, row[i * step]);
        for (int i = 0; i < extent; i++) sum += row[i * step] = T.Exp(row[i * step] - max);
        for (int i = 0; i < extent; i++) row[i * step] /= sum;
    }
}

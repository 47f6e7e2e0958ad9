using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX Softmax along one axis; the greatest number is taken off first, so that no exponential overflows.
/// </summary>
internal readonly struct Softmax : IRowFunction
{
    public static Tensor Run(Operators.Softmax op, Tensor?[] inputs, KernelContext context) =>
        AxisRows.Run<Softmax>(inputs[0]!, op.Axis, context);

    public static void Apply<T>(Span<T> row, int extent, int step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = T.NegativeInfinity,
            sum = T.Zero;
        for (int i = 0; i < extent; i++)
            max = T.Max(max, row[i * step]);
        for (int i = 0; i < extent; i++)
            sum += row[i * step] = T.Exp(row[i * step] - max);
        for (int i = 0; i < extent; i++)
            row[i * step] /= sum;
    }
}

/// <summary>Computes ONNX LogSoftmax along one axis as x − max − ln Σ e^(x − max).</summary>
internal readonly struct LogSoftmax : IRowFunction
{
    public static Tensor Run(Operators.LogSoftmax op, Tensor?[] inputs, KernelContext context) =>
        AxisRows.Run<LogSoftmax>(inputs[0]!, op.Axis, context);

    public static void Apply<T>(Span<T> row, int extent, int step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = T.NegativeInfinity,
            sum = T.Zero;
        for (int i = 0; i < extent; i++)
            max = T.Max(max, row[i * step]);
        for (int i = 0; i < extent; i++)
            sum += T.Exp(row[i * step] - max);
        T norm = T.Log(sum);
        for (int i = 0; i < extent; i++)
            row[i * step] = row[i * step] - max - norm;
    }
}

/// <summary>Rewrites a row of numbers that lie a step apart.</summary>
internal interface IRowFunction
{
    static abstract void Apply<T>(Span<T> row, int extent, int step)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Functions of every row along one axis of a floating-point tensor.</summary>
internal static class AxisRows
{
    public static Tensor Run<TFunction>(Tensor x, int axis, KernelContext context)
        where TFunction : IRowFunction =>
        x.Type switch
        {
            ElementType.Float32 => Run<TFunction, float>(x, axis, context),
            ElementType.Float64 => Run<TFunction, double>(x, axis, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<TFunction, T>(Tensor x, int axis, KernelContext context)
        where TFunction : IRowFunction
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // A scalar counts as one row of one number.
        Shape shape = x.Shape.Rank == 0 ? new Shape(1) : x.Shape;
        axis = shape.Axis(axis);
        Tensor result = x.Clone();
        if (x.Count == 0)
            return result;
        int extent = shape[axis],
            step = (int)shape.CountFrom(axis + 1);
        T[] values = result.Array<T>();
        context.Threads.Ranges(values.Length / extent, Math.Max(1, (1 << 14) / extent), (first, end) =>
        {
            for (int row = first; row < end; row++)
                TFunction.Apply(values.AsSpan(row / step * extent * step + row % step), extent, step);
        });
        return result;
    }
}

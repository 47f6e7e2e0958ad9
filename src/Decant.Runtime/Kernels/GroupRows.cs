using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Normalizes each group of channels of each image by its own mean and variance: one group a channel is InstanceNormalization.</summary>
internal static class GroupRows
{
    public static Tensor Run(int groups, float epsilon, Tensor?[] inputs, KernelContext context)
    {
        foreach (Tensor? t in inputs)
            if (t!.Type != inputs[0]!.Type) throw new ModelException($"inputs of {inputs[0]} and {t} differ in element type");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(groups, epsilon, inputs, context),
            ElementType.Float64 => Run<double>(groups, epsilon, inputs, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };
    }

    private static Tensor Run<T>(int groups, float epsilon, Tensor?[] inputs, KernelContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!, y = Tensor.Zeros(x.Type, x.Shape);
        if (y.Count == 0) return y;
        int perGroup = x.Shape[1] / groups, plane = (int)x.Shape.CountFrom(2), width = perGroup * plane;
        T[] from = x.Array<T>(), scale = inputs[1]!.Array<T>(), bias = inputs[2]!.Array<T>(), to = y.Array<T>();
        context.Threads.For(x.Shape[0] * groups, row =>
        {
            ReadOnlySpan<T> values = from.AsSpan(row * width, width);
            double mean = RowStatistics.Mean(values), factor = 1 / Math.Sqrt(RowStatistics.MeanSquare(values, mean) + epsilon);
            for (int c = 0; c < perGroup; c++)
            {
                int channel = row % groups * perGroup + c;
                ScaledRow.Run(values.Slice(c * plane, plane), T.CreateTruncating(mean), T.CreateTruncating(factor) * scale[channel], bias[channel],
                    to.AsSpan(row * width + c * plane, plane));
            }
        });
        return y;
    }
}

using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LRN on floating-point tensors; sums are in double precision.</summary>
internal static class LRN
{
    public static Tensor Run(Operators.LRN op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(op, inputs[0]!, context),
            ElementType.Float64 => Run<double>(op, inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<T>(Operators.LRN op, Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, x.Shape);
        if (y.Count == 0)
            return y;
        int channels = x.Shape[1],
            plane = (int)x.Shape.CountFrom(2);
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        context.Threads.For(x.Shape[0] * channels, i =>
            Plane<T>(op, from, i % channels, channels, plane, i * plane, to.AsSpan(i * plane, plane))
        );
        return y;
    }

    private static void Plane<T>(
        Operators.LRN op,
        ReadOnlySpan<T> x,
        int channel,
        int channels,
        int plane,
        int start,
        Span<T> to
    )
        where T : INumber<T>
    {
        var (first, last) = op.Around(channel, channels);
        var sums = new double[plane];
        for (int c = first; c <= last; c++)
        {
            ReadOnlySpan<T> near = x.Slice(start + (c - channel) * plane, plane);
            for (int k = 0; k < sums.Length; k++)
            {
                double value = double.CreateTruncating(near[k]);
                sums[k] += value * value;
            }
        }
        for (int k = 0; k < to.Length; k++)
            to[k] = T.CreateTruncating(
                double.CreateTruncating(x[start + k]) / Power(op.Bias + op.Alpha / op.Size * sums[k], op.Beta)
            );
    }

    /// <summary>x^beta; networks use 3/4 and 1/2, which roots do faster.</summary>
    private static double Power(double x, float beta) =>
        beta switch
        {
            0.75f => Math.Sqrt(x) * Math.Sqrt(Math.Sqrt(x)),
            0.5f => Math.Sqrt(x),
            _ => Math.Pow(x, beta),
        };
}

using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX BatchNormalization at inference; axis 1 is the channel.</summary>
internal static class BatchNormalization
{
    public static Tensor Run(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(op, inputs, context),
        ElementType.Float64 => Run<double>(op, inputs, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!;
        if (x.Shape.Rank < 2) throw new ModelException($"an input of shape {x.Shape}; it must have batch and channel axes");
        int channels = x.Shape[1], plane = (int)x.Shape.CountFrom(2);
        double[] scale = Numbers(inputs[1]!, channels), bias = Numbers(inputs[2]!, channels);
        double[] mean = Numbers(inputs[3]!, channels), variance = Numbers(inputs[4]!, channels);
        T[] from = x.Array<T>(), to = new T[from.Length];
        context.Threads.For(plane == 0 ? 0 : from.Length / plane, i =>
        {
            int c = i % channels;
            T factor = T.CreateChecked(scale[c] / Math.Sqrt(variance[c] + op.Epsilon));
            T center = T.CreateChecked(mean[c]), offset = T.CreateChecked(bias[c]);
            for (int k = i * plane; k < (i + 1) * plane; k++) to[k] = (from[k] - center) * factor + offset;
        });
        return Tensor.Of(x.Shape, to);
    }

    /// <summary>A statistic a channel; ONNX lets its type differ from the input's.</summary>
    private static double[] Numbers(Tensor t, int channels)
    {
        if (t.Count != channels) throw new ModelException($"a statistic of shape {t.Shape} for {channels} channels");
        return t.Type == ElementType.Float64 ? t.Array<double>() : Array.ConvertAll(t.Array<float>(), v => (double)v);
    }
}

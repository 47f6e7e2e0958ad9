using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX BatchNormalization; axis 1 is the channel. With training_mode also the running statistics.</summary>
internal static class BatchNormalization
{
    public static Tensor[] Run(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(op, inputs, context),
        ElementType.Float64 => Run<double>(op, inputs, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor[] Run<T>(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!;
        if (x.Shape.Rank < 2) throw new ModelException($"an input of shape {x.Shape}; it must have batch and channel axes");
        int channels = x.Shape[1];
        double[] mean = Numbers(inputs[3]!, channels), variance = Numbers(inputs[4]!, channels);
        if (!op.TrainingMode) return [Normalized<T>(op, inputs, mean, variance, context)];
        var (batchMean, batchVariance) = Statistics<T>(x, context);
        return
        [
            Normalized<T>(op, inputs, batchMean, batchVariance, context),
            Moved(inputs[3]!, mean, batchMean, op.Momentum, context),
            Moved(inputs[4]!, variance, batchVariance, op.Momentum, context),
        ];
    }

    private static Tensor Normalized<T>(Operators.BatchNormalization op, Tensor?[] inputs, double[] mean, double[] variance, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1], plane = (int)x.Shape.CountFrom(2);
        double[] scale = Numbers(inputs[1]!, channels), bias = Numbers(inputs[2]!, channels);
        T[] from = x.Array<T>(), to = result.Array<T>();
        context.Threads.For(plane == 0 ? 0 : from.Length / plane, i =>
        {
            int c = i % channels;
            T factor = T.CreateChecked(scale[c] / Math.Sqrt(variance[c] + op.Epsilon));
            T center = T.CreateChecked(mean[c]), offset = T.CreateChecked(bias[c]);
            for (int k = i * plane; k < (i + 1) * plane; k++) to[k] = (from[k] - center) * factor + offset;
        });
        return result;
    }

    /// <summary>Each channel's mean and mean squared distance from it.</summary>
    private static (double[] Mean, double[] Variance) Statistics<T>(Tensor x, KernelContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = x.Shape[1], plane = (int)x.Shape.CountFrom(2);
        double count = (double)x.Shape[0] * plane;
        double[] mean = new double[channels], variance = new double[channels];
        context.Threads.For(channels, c =>
        {
            double Sum(Func<double, double> of)
            {
                double sum = 0;
                for (int n = 0; n < x.Shape[0]; n++)
                    foreach (T value in x.Span<T>().Slice((n * channels + c) * plane, plane)) sum += of(double.CreateTruncating(value));
                return sum;
            }

            double m = mean[c] = Sum(v => v) / count;
            variance[c] = Sum(v => (v - m) * (v - m)) / count;
        });
        return (mean, variance);
    }

    private static Tensor Moved(Tensor running, double[] old, double[] batch, double momentum, KernelContext context)
    {
        double[] moved = [.. old.Zip(batch, (o, b) => o * momentum + b * (1 - momentum))];
        return Casting.Convert(Tensor.Of(running.Shape, moved), running.Type, context);
    }

    /// <summary>A statistic a channel; ONNX lets its type differ from the input's.</summary>
    private static double[] Numbers(Tensor t, int channels)
    {
        if (t.Count != channels) throw new ModelException($"a statistic of shape {t.Shape} for {channels} channels");
        return t.Type == ElementType.Float64 ? t.Array<double>() : Array.ConvertAll(t.Array<float>(), v => (double)v);
    }
}

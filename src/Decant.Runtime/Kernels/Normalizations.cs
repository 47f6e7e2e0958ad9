using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX BatchNormalization; axis 1 is the channel. With training_mode also the running statistics.
/// </summary>
internal static class BatchNormalization
{
    public static Tensor[] Run(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(op, inputs, context),
            ElementType.Float64 => Run<double>(op, inputs, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor[] Run<T>(Operators.BatchNormalization op, Tensor?[] inputs, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!;
        if (x.Shape.Rank < 2)
            throw new ModelException($"an input of shape {x.Shape}; it must have batch and channel axes");
        int channels = x.Shape[1];
        double[] mean = Numbers(inputs[3]!, channels),
            variance = Numbers(inputs[4]!, channels);
        if (!op.TrainingMode)
            return [Normalized<T>(op, inputs, mean, variance, context)];
        var (batchMean, batchVariance) = Statistics<T>(x, context);
        return
        [
            Normalized<T>(op, inputs, batchMean, batchVariance, context),
            StridedRegion(inputs[3]!, mean, batchMean, op.Momentum, context),
            StridedRegion(inputs[4]!, variance, batchVariance, op.Momentum, context),
        ];
    }

    private static Tensor Normalized<T>(
        Operators.BatchNormalization op,
        Tensor?[] inputs,
        double[] mean,
        double[] variance,
        KernelContext context
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int channels = x.Shape[1],
            plane = (int)x.Shape.CountFrom(2);
        double[] scale = Numbers(inputs[1]!, channels),
            bias = Numbers(inputs[2]!, channels);
        T[] from = x.Array<T>(),
            to = result.Array<T>();
        context.Threads.For(plane == 0 ? 0 : from.Length / plane, i =>
        {
            int c = i % channels;
            T factor = T.CreateChecked(scale[c] / Math.Sqrt(variance[c] + op.Epsilon));
            T center = T.CreateChecked(mean[c]),
                offset = T.CreateChecked(bias[c]);
            for (int k = i * plane; k < (i + 1) * plane; k++)
                to[k] = (from[k] - center) * factor + offset;
        });
        return result;
    }

    /// <summary>Each channel's mean and mean squared distance from it.</summary>
    private static (double[] Mean, double[] Variance) Statistics<T>(Tensor x, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = x.Shape[1],
            plane = (int)x.Shape.CountFrom(2);
        double count = (double)x.Shape[0] * plane;
        double[] mean = new double[channels],
            variance = new double[channels];
        context.Threads.For(channels, c =>
        {
            double Sum(Func<double, double> of)
            {
                double sum = 0;
                for (int n = 0; n < x.Shape[0]; n++)
                    foreach (T value in x.Span<T>().Slice((n * channels + c) * plane, plane))
                        sum += of(double.CreateTruncating(value));
                return sum;
            }

            double m = mean[c] = Sum(v => v) / count;
            variance[c] = Sum(v => (v - m) * (v - m)) / count;
        });
        return (mean, variance);
    }

    private static Tensor StridedRegion(
        Tensor running,
        double[] old,
        double[] batch,
        double momentum,
        KernelContext context
    )
    {
        double[] moved = [.. old.Zip(batch, (o, b) => o * momentum + b * (1 - momentum))];
        return Casting.Convert(Tensor.Of(running.Shape, moved), running.Type, context);
    }

    /// <summary>A statistic a channel; ONNX lets its type differ from the input's.</summary>
    private static double[] Numbers(Tensor t, int channels)
    {
        if (t.Count != channels)
            throw new ModelException($"a statistic of shape {t.Shape} for {channels} channels");
        return t.Type == ElementType.Float64 ? t.Array<double>() : Array.ConvertAll(t.Array<float>(), v => (double)v);
    }
}

/// <summary>Computes ONNX GroupNormalization on floating-point tensors.</summary>
internal static class GroupNormalization
{
    public static Tensor Run(Operators.GroupNormalization op, Tensor?[] inputs, KernelContext context) =>
        GroupRows.Run(op.Groups, op.Epsilon, inputs, context);
}

/// <summary>Computes ONNX InstanceNormalization on floating-point tensors.</summary>
internal static class InstanceNormalization
{
    public static Tensor Run(Operators.InstanceNormalization op, Tensor?[] inputs, KernelContext context) =>
        GroupRows.Run(Math.Max(1, inputs[0]!.Shape[1]), op.Epsilon, inputs, context);
}

/// <summary>Computes ONNX LayerNormalization on floating-point tensors; statistics are in double precision.</summary>
internal static class LayerNormalization
{
    public static Tensor[] Run(Operators.LayerNormalization op, Tensor?[] inputs, KernelContext context)
    {
        Tensor[] outputs = Outputs.Make(op, context);
        new LayerRows(context.Output.Axis(op.Axis), op.Epsilon, Centered: true).Run(inputs, outputs, context);
        return outputs;
    }
}

/// <summary>Computes ONNX RMSNormalization on floating-point tensors; the mean square is in double precision.</summary>
internal static class RMSNormalization
{
    public static Tensor Run(Operators.RMSNormalization op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Tensor.Zeros(inputs[0]!.Type, context.Output);
        new LayerRows(context.Output.Axis(op.Axis), op.Epsilon, Centered: false).Run(inputs, [result], context);
        return result;
    }
}

/// <summary>Computes ONNX Dropout where it drops nothing, or what its seed says.</summary>
internal static class Dropout
{
    public static Tensor[] Run(Operators.Dropout op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        bool trains =
            inputs.ElementAtOrDefault(2) is { Type: ElementType.Bool, Count: 1 } training && training.Span<bool>()[0];
        double ratio = trains ? Ratio(inputs.ElementAtOrDefault(1), context) : 0;
        bool[]? kept = ratio == 0 ? null : op.Kept(x.Count, ratio);
        Tensor result = kept is null ? x.Clone() : Drop(x, kept, ratio, context);
        if (context.Wanted < 2)
            return [result];
        if (kept is not null)
            return [result, Tensor.Of(x.Shape, kept)];
        Tensor mask = Tensor.Zeros(ElementType.Bool, x.Shape);
        mask.Span<bool>().Fill(true);
        return [result, mask];
    }

    private static Tensor Drop(Tensor x, bool[] kept, double ratio, KernelContext context)
    {
        double scale = ratio < 1 ? 1 / (1 - ratio) : 0;
        Span<double> values = Casting.Convert(x, ElementType.Float64, context).Span<double>();
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = values[i] * (kept[i] ? scale : 0);
        return Casting.Convert(Tensor.Of(x.Shape, result), x.Type, context);
    }

    private static double Ratio(Tensor? ratio, KernelContext context) =>
        ratio is { Count: 1 } ? Casting.Convert(ratio, ElementType.Float64, context).Span<double>()[0] : 0.5;
}

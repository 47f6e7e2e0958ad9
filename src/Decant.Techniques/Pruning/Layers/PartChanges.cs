using Decant.Core;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Techniques.Pruning;

/// <summary>Measures on images how much blocks and layers change what goes through them.</summary>
internal static class PartChanges
{
    private const int BatchSize = 64;

    /// <summary>The change that each part makes, mean over images.</summary>
    public static double[] Measure(TechniqueContext context, IReadOnlyList<RemovablePart> parts, PartCriterion criterion)
    {
        Dataset data = context.NeedData($"criterion '{criterion.Name}'");
        Classification.CheckFits(context.Network, data);
        using var torch = new TrainingNetwork(context.Network);
        var source = new BatchSource(data, context.Preprocessing, new BatchOptions { Size = Math.Min(BatchSize, criterion.Samples), Seed = context.Seed });
        var (images, labels) = (new float[source.BatchSize * data.ImageSize], new long[source.BatchSize]);
        var sums = new double[parts.Count];
        int seen = 0;
        for (int batch = 0; batch < source.Batches && seen < criterion.Samples; batch++)
        {
            int count = source.Fill(batch, images, labels);
            Run(torch, images.AsSpan(0, count * data.ImageSize), count, data.ImageShape);
            seen += count;
        }
        return Array.ConvertAll(sums, s => s / seen);

        void Run(TrainingNetwork network, ReadOnlySpan<float> pixels, int count, Shape image)
        {
            using var scope = new TorchScope();
            using var noGrad = new NoGrad();
            Shape? input = context.Network.Inputs[0].Type.Shape;
            long[] sizes = input is { } x && x.Rank != image.Rank + 1 ? [count, image.Count] : [count, .. image.Dims.Select(d => (long)d)];
            network.Forward(training: false, TorchTensor.From(pixels, sizes));
            for (int p = 0; p < parts.Count; p++)
                sums[p] += Sum(network.Value(parts[p].Input).ToArray<float>(), network.Value(parts[p].Output).ToArray<float>(), count, criterion.Change);
        }
    }

    private static double Sum(float[] before, float[] after, int images, PartChange change)
    {
        int size = before.Length / images;
        double sum = 0;
        for (int i = 0; i < images; i++) sum += Of(before.AsSpan(i * size, size), after.AsSpan(i * size, size), change);
        return sum;
    }

    private static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, PartChange change)
    {
        double xx = 0, yy = 0, xy = 0, moved = 0;
        for (int i = 0; i < x.Length; i++)
        {
            (xx, yy, xy) = (xx + (double)x[i] * x[i], yy + (double)y[i] * y[i], xy + (double)x[i] * y[i]);
            moved += ((double)y[i] - x[i]) * ((double)y[i] - x[i]);
        }
        if (change == PartChange.Size) return xx > 0 ? Math.Sqrt(moved / xx) : moved > 0 ? double.MaxValue : 0;
        return xx > 0 && yy > 0 ? 1 - xy / Math.Sqrt(xx * yy) : xx == yy ? 0 : 1;
    }
}

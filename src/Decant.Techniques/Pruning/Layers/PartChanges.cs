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
        Dataset data = Samples.Of(context, criterion.Samples, $"criterion '{criterion.Name}'");
        var sums = new double[parts.Count];
        new DatasetPass(context.Network, data, context.Preprocessing, BatchSize).Forward(step =>
        {
            int count = (int)step.Labels.ElementCount;
            for (int p = 0; p < parts.Count; p++)
                sums[p] += Sum(step.Network.Value(parts[p].Input).ToArray<float>(), step.Network.Value(parts[p].Output).ToArray<float>(), count, criterion.Change);
        });
        return Array.ConvertAll(sums, s => s / data.Count);
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

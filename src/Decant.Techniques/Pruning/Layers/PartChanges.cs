using Decant.Core;
using Decant.Data;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>Measures on images how much blocks and layers change what goes through them.</summary>
internal static class PartChanges
{
    private const int BatchSize = 64;

    /// <summary>The change that each part makes, mean over images.</summary>
    public static double[] Measure(
        TechniqueContext context,
        IReadOnlyList<RemovablePart> parts,
        PartCriterion criterion
    )
    {
        IDataSource data = Samples.Of(context, criterion.Samples, $"criterion '{criterion.Name}'");
        var sums = new double[parts.Count];
        new DatasetPass(context.Network, data, context.Preprocessing, BatchSize).Forward(step =>
        {
            int count = (int)step.Images.Size(0);
            for (int p = 0; p < parts.Count; p++)
                sums[p] += Sum(
                    step.Network.Value(parts[p].Input).ToArray<float>(),
                    step.Network.Value(parts[p].Output).ToArray<float>(),
                    count,
                    criterion.Change
                );
        });
        return Array.ConvertAll(sums, s => s / data.Count);
    }

    private static double Sum(float[] before, float[] after, int images, PartChange change)
    {
        int size = before.Length / images;
        double sum = 0;
        for (int i = 0; i < images; i++)
            sum += Of(before.AsSpan(i * size, size), after.AsSpan(i * size, size), change);
        return sum;
    }

    private static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, PartChange change)
    {
        double xx = 0,
            yy = 0,
            xy = 0,
            moved = 0;
        for (int i = 0; i < x.Length; i++)
        {
            (xx, yy, xy) = (xx + (double)x[i] * x[i], yy + (double)y[i] * y[i], xy + (double)x[i] * y[i]);
            moved += ((double)y[i] - x[i]) * ((double)y[i] - x[i]);
        }
        if (change == PartChange.Size)
            return xx > 0 ? Math.Sqrt(moved / xx)
                : moved > 0 ? double.MaxValue
                : 0;
        return xx > 0 && yy > 0 ? 1 - xy / Math.Sqrt(xx * yy)
            : xx == yy ? 0
            : 1;
    }
}

/// <summary>What counts of the change that a block or layer makes.</summary>
public enum PartChange
{
    /// <summary>1 − cos(x, y) between what goes in and what comes out, mean over images (Men et al. 2024).</summary>
    Direction,

    /// <summary>‖y − x‖ / ‖x‖, mean over images: of a residual block, the size of what it adds.</summary>
    Size,
}

/// <summary>
/// What blocks and layers are ranked by: a criterion over the weights in them, or how much they change what goes
/// through them. Small scores go first.
/// </summary>
/// <param name="Weights">The criterion over weights; null if the change counts.</param>
/// <param name="Change">What of the change counts.</param>
/// <param name="Samples">Images that the change is measured on.</param>
public sealed record PartCriterion(Criterion? Weights, PartChange Change, int Samples)
{
    /// <summary>The name, as in recipes.</summary>
    public string Name => Weights?.Name ?? (Change == PartChange.Direction ? "similarity" : "change");

    /// <summary>Whether it looks at images.</summary>
    public bool NeedsData => Weights?.NeedsData ?? true;

    /// <summary>Reads 'criterion' and the options of the one that it names.</summary>
    /// <exception cref="DecantException">There is none of that name, or an option is out of range.</exception>
    public static PartCriterion Read(TechniqueOptions options)
    {
        string name = options.Word("criterion", ["magnitude", "similarity", "change", .. CriterionCatalogue.Names]);
        return name is "similarity" or "change"
            ? new PartCriterion(
                null,
                name == "change" ? PartChange.Size : PartChange.Direction,
                options.Integer("samples", 1, 10_000_000, 512)
            )
            : new PartCriterion(CriterionCatalogue.Read(options), default, 0);
    }

    internal double[] Score(TechniqueContext context, IReadOnlyList<RemovablePart> parts)
    {
        if (Weights is null)
            return PartChanges.Measure(context, parts, this);
        NetworkShapes shapes = NetworkShapes.Of(context.Network);
        double[] scores = Weights.Score(context, [.. parts.Select(p => UnitOf(context.Network, shapes, p))]);
        // A sum of magnitudes would say how large a part is.
        return Weights.Name == "magnitude"
            ? [.. scores.Select((s, i) => s / parts[i].WeightsOf(context.Network).Sum(w => (double)w.Encoding.Count))]
            : scores;
    }

    private static PruningUnit UnitOf(Network network, NetworkShapes shapes, RemovablePart part)
    {
        IEnumerable<ValueRegion> values = part
            .Nodes.SelectMany(n => n.Outputs)
            .Where(o => shapes[o]?.Shape is { Rank: > 1 } s && s[1] > 0)
            .Select(o => new ValueRegion(o, 1, [.. Enumerable.Range(0, shapes[o]!.Shape!.Value[1])]));
        return new PruningUnit(part.Name, [.. part.WeightsOf(network).Select(WeightRegion.Whole)], [.. values]);
    }
}

using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>How much a block or layer changes what goes through it, mean over examples.</summary>
/// <param name="Input">The activation that goes in.</param>
/// <param name="Output">The activation that comes out, of the same shape.</param>
/// <param name="Change">What of the change counts.</param>
/// <param name="Samples">How many examples are looked at.</param>
public sealed record PartChangeRequest(string Input, string Output, PartChange Change, int Samples)
    : StatisticsRequest<MeanChange>(Samples)
{
    /// <inheritdoc/>
    public override IEnumerable<string> ActivationsOf(Network network) => [Input, Output];

    /// <inheritdoc/>
    protected override StatisticsCollection<MeanChange> Collect(Network network) => new Changes(this);

    private sealed class Changes(PartChangeRequest request) : StatisticsCollection<MeanChange>
    {
        private double sum;
        private long examples;

        public override void Observe(NetworkObserver network, CancellationToken cancellation)
        {
            Activation before = network[request.Input],
                after = network[request.Output];
            for (int i = 0; i < before.Count; i++)
                sum += Of(before[i], after[i], request.Change);
            examples += before.Count;
        }

        public override MeanChange Finish(CancellationToken cancellation) => new(sum / Math.Max(1, examples));
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

/// <summary>A change, mean over examples.</summary>
/// <param name="Mean">The mean.</param>
public sealed record MeanChange(double Mean);

/// <summary>What counts of the change that a block or layer makes.</summary>
public enum PartChange
{
    /// <summary>1 − cos(x, y) between what goes in and what comes out, mean over images (Men et al. 2024).</summary>
    Direction,

    /// <summary>‖y − x‖ / ‖x‖, mean over images: of a residual block, the size of what it adds.</summary>
    Size,
}

/// <summary>
/// A criterion that ranks whole blocks and layers by how much they change their input. Small scores go first.
/// </summary>
public abstract record PartCriterion : Criterion
{
    /// <summary>Images that the change is measured on.</summary>
    [OptionRange(1, 10_000_000)]
    public int Samples { get; init; } = 512;

    /// <inheritdoc/>
    public sealed override bool NeedsData => true;

    /// <summary>What of the change counts.</summary>
    private protected abstract PartChange Change { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException($"criterion '{Name}' ranks blocks and layers: use it with 'layer-removal'");

    internal PartChangeRequest Request(RemovablePart part) => new(part.Input, part.Output, Change, Samples);
}

/// <summary>1 − cos(x, y) between what goes in and what comes out, mean over images (Men et al. 2024).</summary>
public sealed record SimilarityCriterion : PartCriterion
{
    /// <inheritdoc/>
    public override string Name => "similarity";

    private protected override PartChange Change => PartChange.Direction;
}

/// <summary>‖y − x‖ / ‖x‖, mean over images: of a residual block, the size of what it adds.</summary>
public sealed record ChangeCriterion : PartCriterion
{
    /// <inheritdoc/>
    public override string Name => "change";

    private protected override PartChange Change => PartChange.Size;
}

/// <summary>Ranks blocks and layers by any criterion.</summary>
internal static class PartScores
{
    /// <summary>The statistics that scoring asks for.</summary>
    public static IReadOnlyList<StatisticsRequest> Needs(
        Criterion criterion,
        TechniqueContext context,
        IReadOnlyList<RemovablePart> parts
    ) =>
        criterion is PartCriterion ofParts
            ? [.. parts.Select(ofParts.Request)]
            : criterion.Needs(context, UnitsOf(context.Network, parts));

    /// <summary>A score for each part; small scores go first.</summary>
    public static double[] Of(Criterion criterion, TechniqueContext context, IReadOnlyList<RemovablePart> parts)
    {
        if (criterion is PartCriterion ofParts)
        {
            CollectedStatistics collected = context.Collect(
                [.. parts.Select(ofParts.Request)],
                $"criterion '{criterion.Name}'"
            );
            return [.. parts.Select(p => collected.Find(ofParts.Request(p))!.Mean)];
        }
        double[] scores = criterion.Score(context, UnitsOf(context.Network, parts));
        // A sum of magnitudes would say how large a part is.
        return criterion is MagnitudeCriterion
            ? [.. scores.Select((s, i) => s / parts[i].WeightsOf(context.Network).Sum(w => (double)w.Encoding.Count))]
            : scores;
    }

    private static PruningUnit[] UnitsOf(Network network, IReadOnlyList<RemovablePart> parts)
    {
        NetworkShapes shapes = NetworkShapes.Of(network);
        return [.. parts.Select(p => UnitOf(network, shapes, p))];
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

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

    /// <summary>Whether it takes gradients, and so needs libtorch.</summary>
    public bool NeedsGradients => Weights?.NeedsGradients ?? false;

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

    internal IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context, IReadOnlyList<RemovablePart> parts) =>
        Weights is null ? [.. parts.Select(Request)] : Weights.Needs(context, UnitsOf(context.Network, parts));

    internal double[] Score(TechniqueContext context, IReadOnlyList<RemovablePart> parts)
    {
        if (Weights is null)
        {
            CollectedStatistics collected = context.Collect([.. parts.Select(Request)], $"criterion '{Name}'");
            return [.. parts.Select(p => collected.Find(Request(p))!.Mean)];
        }
        double[] scores = Weights.Score(context, UnitsOf(context.Network, parts));
        // A sum of magnitudes would say how large a part is.
        return Weights.Name == "magnitude"
            ? [.. scores.Select((s, i) => s / parts[i].WeightsOf(context.Network).Sum(w => (double)w.Encoding.Count))]
            : scores;
    }

    private PartChangeRequest Request(RemovablePart part) => new(part.Input, part.Output, Change, Samples);

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

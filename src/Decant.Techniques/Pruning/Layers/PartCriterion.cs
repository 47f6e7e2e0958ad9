using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// What blocks and layers are ranked by: a criterion over the weights in them, or how much they change what goes through them. Small
/// scores go first.
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
            ? new PartCriterion(null, name == "change" ? PartChange.Size : PartChange.Direction, options.Integer("samples", 1, 10_000_000, 512))
            : new PartCriterion(CriterionCatalogue.Read(options), default, 0);
    }

    internal double[] Score(TechniqueContext context, IReadOnlyList<RemovablePart> parts)
    {
        if (Weights is null) return PartChanges.Measure(context, parts, this);
        NetworkShapes shapes = NetworkShapes.Of(context.Network);
        double[] scores = Weights.Score(context, [.. parts.Select(p => UnitOf(context.Network, shapes, p))]);
        // A sum of magnitudes would say how large a part is.
        return Weights.Name == "magnitude" ? [.. scores.Select((s, i) => s / parts[i].WeightsOf(context.Network).Sum(w => (double)w.Encoding.Count))] : scores;
    }

    private static PruningUnit UnitOf(Network network, NetworkShapes shapes, RemovablePart part)
    {
        IEnumerable<ValueRegion> values = part.Nodes.SelectMany(n => n.Outputs)
            .Where(o => shapes[o]?.Shape is { Rank: > 1 } s && s[1] > 0).Select(o => new ValueRegion(o, 1, [.. Enumerable.Range(0, shapes[o]!.Shape!.Value[1])]));
        return new PruningUnit(part.Name, [.. part.WeightsOf(network).Select(WeightRegion.Whole)], [.. values]);
    }
}

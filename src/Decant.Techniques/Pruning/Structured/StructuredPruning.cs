using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Takes whole channels, filters and neurons out of a network (Li et al. 2017; Molchanov et al. 2017), with all that depends on them
/// (Fang et al. 2023): what comes out is a smaller ordinary network.
/// </summary>
public sealed class StructuredPruning(StructuredPruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "structured-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => options.Criterion.NeedsData || options.Refit > 0;

    /// <summary>Budgets are shares of what the run began with.</summary>
    public override bool NeedsReference => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        if (context.Reference is null) context = context with { Reference = context.Network };
        var classes = new CutClasses(options, context);
        int[] kept = new CutCounts(options, context, classes).Kept();
        IReadOnlyList<(string Group, bool[] Kept)> masks = classes.Masks(kept);
        IEnumerable<PlannedChange> fits = options.Refit > 0 ? ConsumerRefit.Plan(context, classes.Groups, masks, options.Refit) : [];
        PlannedChange[] changes = [.. fits, .. masks.Select(m => Plan(m.Group, m.Kept))];
        if (changes.Length > 0) changes[^1] = changes[^1] with { What = $"{changes[^1].What}; {Totals(context.Reference!, context.Network, classes.Cut(kept))}" };
        return changes;
    }

    private PlannedChange Plan(string group, bool[] kept) => new(
        group, $"keep {kept.Count(k => k)} of {kept.Length} channels: {options.Criterion.Name}, {options.Budget}",
        network => Thinning.Keep(network, new Dictionary<string, bool[]> { [group] = kept }));

    private static string Totals(Network reference, Network before, Network after)
    {
        long first = NetworkCost.Macs(reference), macs = NetworkCost.Macs(after), numbers = NetworkCost.Parameters(after);
        return $"together {NetworkCost.Macs(before):N0} → {macs:N0} multiply-accumulates ({100.0 * macs / first:0.0} % of the first), "
            + $"{NetworkCost.Parameters(before):N0} → {numbers:N0} parameters ({100.0 * numbers / NetworkCost.Parameters(reference):0.0} %)";
    }
}

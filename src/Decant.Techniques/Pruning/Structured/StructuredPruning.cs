using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Takes whole channels, filters and neurons out of a network (Li et al. 2017; Molchanov et al. 2017), with all that
/// depends on them (Fang et al. 2023): what comes out is a smaller ordinary network.
/// </summary>
public sealed class StructuredPruning(StructuredPruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "structured-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => options.Criterion.NeedsData || options.Refit > 0;

    /// <inheritdoc/>
    public override bool NeedsGradients => options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        options.Criterion.NeedsData
            ? ChannelScores.Needs(
                options.Criterion,
                context,
                GroupSelection.Of(ChannelGroups.Of(context.Network), context.Weights)
            )
            : [];

    /// <summary>Budgets are shares of what the run began with.</summary>
    public override bool NeedsReference => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        if (context.Reference is null)
            context = context with { Reference = context.Network };
        var classes = new CutClasses(options, context);
        int[] kept = new CutCounts(options, context, classes).Kept();
        IReadOnlyList<(string Group, bool[] Kept)> masks = classes.Masks(kept);
        IEnumerable<PlannedChange> fits =
            options.Refit > 0 ? ConsumerRefit.Plan(context, classes.Groups, masks, options.Refit) : [];
        PlannedChange[] changes = [.. fits, .. masks.Select(m => Plan(m.Group, m.Kept))];
        if (changes.Length > 0)
            changes[^1] = changes[^1] with
            {
                What = $"{changes[^1].What}; {Totals(context.Reference!, context.Network, classes.Cut(kept))}",
            };
        return changes;
    }

    private PlannedChange Plan(string group, bool[] kept) =>
        new(
            group,
            $"keep {kept.Count(k => k)} of {kept.Length} channels: {options.Criterion.Name}, {options.Budget}",
            network => Thinning.Keep(network, new Dictionary<string, bool[]> { [group] = kept })
        );

    private static string Totals(Network reference, Network before, Network after)
    {
        long first = NetworkCost.Macs(reference),
            macs = NetworkCost.Macs(after),
            numbers = NetworkCost.Parameters(after);
        return $"together {NetworkCost.Macs(before):N0} → {macs:N0} multiply-accumulates "
            + $"({100.0 * macs / first:0.0} % of the first), "
            + $"{NetworkCost.Parameters(before):N0} → {numbers:N0} parameters "
            + $"({100.0 * numbers / NetworkCost.Parameters(reference):0.0} %)";
    }
}

/// <summary>Options of structured pruning.</summary>
/// <param name="Criterion">What channels are ranked by.</param>
/// <param name="Budget">How much goes.</param>
/// <param name="IsGlobal">Whether channels of all groups are ranked together; if not, every group loses the same
/// share.</param>
/// <param name="Normalizes">Whether a group's scores are divided by their mean before groups are compared.</param>
/// <param name="Ramp">How the cut rises over a stage's rounds.</param>
/// <param name="AtMost">The largest share of a group's channels that may go in one round, above 0.</param>
/// <param name="Least">The fewest channels a group keeps; null where nobody asked, which is 1, but where a level rounds
/// to 0 it is an error.</param>
/// <param name="Multiple">Kept channels are rounded up to a multiple of this.</param>
/// <param name="Refit">Images on which the weights that read cut channels are fitted to those that stay; 0 for
/// none.</param>
public sealed record StructuredPruningOptions(
    Criterion Criterion,
    CutBudget Budget,
    bool IsGlobal,
    bool Normalizes,
    Ramp Ramp,
    double AtMost,
    int? Least,
    int Multiple,
    int Refit
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">None or several budgets are given, or an option is out of range.</exception>
    public static StructuredPruningOptions Read(TechniqueOptions options)
    {
        CutBudget budget = CutBudget.Read(options);
        bool global =
            (
                budget.Of == CutMeasure.Channels
                    ? options.Word("scope", "group", "global")
                    : options.Word("scope", "global", "group")
            ) == "global";
        bool normalizes = options.Has("normalize") ? options.Word("normalize", "group", "none") == "group" : global;
        if (!global && options.Has("normalize"))
            throw options.Error("normalize", "'normalize' has no effect with 'scope: group': groups are not compared");
        return new StructuredPruningOptions(
            CriterionCatalogue.Read(options),
            budget,
            global,
            normalizes,
            RampSchedule.Read(options, Ramp.Geometric),
            options.Number("at-most", 0.001, 1, 1),
            options.Has("least") ? options.Integer("least", 1, 1_000_000) : null,
            options.Integer("multiple", 1, 1024, 1),
            options.Integer("refit", 0, 1_000_000, 0)
        );
    }
}

/// <summary>
/// Takes channels out that say nothing: those of a constant value, which goes into the next bias, and those that nobody
/// reads.
/// </summary>
public sealed class RemoveDead : Technique
{
    /// <inheritdoc/>
    public override string Name => "remove-dead";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [
            .. ConstantChannels
                .Remove(context.Network)
                .Removed.Select(r => new PlannedChange(r.Group, $"remove {r.Count} {r.Why} channels", network =>
                    ConstantChannels.Remove(network).Network
                )),
        ];
}

using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Takes whole channels, filters and neurons out of a network (Li et al. 2017; Molchanov et al. 2017), with all that
/// depends on them (Fang et al. 2023): what comes out is a smaller ordinary network.
/// </summary>
public sealed class StructuredPruning(StructuredPruningOptions options) : Technique<StructuredPruningOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "structured-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => Options.Criterion.NeedsData || Options.Refit > 0;

    /// <inheritdoc/>
    public override bool NeedsGradients => Options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        Options.Criterion.NeedsData
            ? ChannelScores.Needs(
                Options.Criterion,
                context,
                GroupSelection.Of(ChannelGroups.Of(context.Network, Options.Attention), context.Weights)
            )
            : [];

    /// <summary>Budgets are shares of what the run began with.</summary>
    public override bool NeedsReference => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        if (context.Reference is null)
            context = context with { Reference = context.Network };
        var classes = new CutClasses(Options, context);
        int[] kept = new CutCounts(Options, context, classes).Kept();
        IReadOnlyList<(string Group, bool[] Kept)> masks = classes.Masks(kept);
        IEnumerable<PlannedChange> fits =
            Options.Refit > 0 ? ConsumerRefit.Plan(context, classes.Groups, masks, Options.Refit) : [];
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
            $"keep {kept.Count(k => k)} of {kept.Length} channels: {Options.Criterion.Name}, {Options.Budget}",
            network =>
                Thinning.Keep(
                    ChannelGroups.Of(network, Options.Attention),
                    new Dictionary<string, bool[]>(StringComparer.Ordinal) { [group] = kept }
                )
        );

    private static string Totals(Network reference, Network before, Network after)
    {
        string parameters =
            $"{NetworkCost.Parameters(before):N0} → {NetworkCost.Parameters(after):N0} parameters "
            + $"({Percent(NetworkCost.Parameters(after), NetworkCost.Parameters(reference))})";
        long first = NetworkCost.Macs(reference),
            macs = NetworkCost.Macs(after);
        return first == 0
            ? $"together {parameters}; multiply-accumulates are not known at open sizes"
            : $"together {NetworkCost.Macs(before):N0} → {macs:N0} multiply-accumulates "
                + $"({Percent(macs, first)} of the first), {parameters}";
    }

    private static string Percent(long part, long whole) => $"{100.0 * part / whole:0.0} %";
}

/// <summary>Options of structured pruning. Of level, macs and parameters exactly one is given.</summary>
public sealed record StructuredPruningOptions : TechniqueOptions
{
    /// <summary>The share of channels that goes; null if another budget is given.</summary>
    [Share(0, 0.99999)]
    public double? Level { get; init; }

    /// <summary>The share of the network's multiply-accumulates that stays; null if another budget is given.</summary>
    [Share(0.00001)]
    public double? Macs { get; init; }

    /// <summary>The share of the network's parameters that stays; null if another budget is given.</summary>
    [Share(0.00001)]
    public double? Parameters { get; init; }

    /// <summary>
    /// Whether channels of all groups are ranked together, or every group loses the same share; null for each group
    /// where a level is given, and for all together otherwise.
    /// </summary>
    public ChannelScope? Scope { get; init; }

    /// <summary>
    /// How scores are made comparable between groups; null for <see cref="ChannelNormalization.Group"/>.
    /// </summary>
    public ChannelNormalization? Normalize { get; init; }

    /// <summary>What is one channel of attention layers: a dimension of every head, or a whole head.</summary>
    public AttentionUnit Attention { get; init; } = AttentionUnit.Dimension;

    /// <summary>What channels are ranked by.</summary>
    public Criterion Criterion { get; init; } = new MagnitudeCriterion();

    /// <summary>How the cut rises over a stage's rounds.</summary>
    public Ramp Ramp { get; init; } = Ramp.Geometric;

    /// <summary>The largest share of a group's channels that may go in one round.</summary>
    [Share(0.001)]
    public double AtMost { get; init; } = 1;

    /// <summary>
    /// The fewest channels that a group keeps; null for 1, and an error where a level rounds to 0.
    /// </summary>
    [OptionRange(1, 1_000_000)]
    public int? Least { get; init; }

    /// <summary>Counts of channels are rounded up to a multiple of this.</summary>
    [OptionRange(1, 1024)]
    public int Multiple { get; init; } = 1;

    /// <summary>
    /// Images on which the weights that read cut channels are fitted to those that stay; 0 for none.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public int Refit { get; init; }

    /// <summary>How much goes.</summary>
    internal CutBudget Budget =>
        Level is { } level ? new CutBudget(CutMeasure.Channels, 1 - level)
        : Macs is { } macs ? new CutBudget(CutMeasure.Macs, macs)
        : new CutBudget(CutMeasure.Parameters, Parameters!.Value);

    /// <summary>Whether channels of all groups are ranked together.</summary>
    internal bool IsGlobal => Scope is { } scope ? scope == ChannelScope.Global : Level is null;

    /// <summary>Whether a group's scores are divided by their mean before groups are compared.</summary>
    internal bool Normalizes => IsGlobal && Normalize != ChannelNormalization.None;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (((double?[])[Level, Macs, Parameters]).Count(b => b is not null) != 1)
            throw new OptionsException(
                null,
                "needs exactly one of 'level' (the share of channels that is pruned), 'macs' and 'parameters' "
                    + "(the share of the network that is kept)"
            );
        if (!IsGlobal && Normalize is not null)
            throw new OptionsException(
                "normalize",
                "'normalize' has no effect with 'scope: group': groups are not compared"
            );
    }
}

/// <summary>What channels are ranked among.</summary>
public enum ChannelScope
{
    /// <summary>Those of their group: every group loses the same share.</summary>
    Group,

    /// <summary>Those of all groups.</summary>
    Global,
}

/// <summary>How the scores of channels are made comparable between groups.</summary>
public enum ChannelNormalization
{
    /// <summary>They are compared as they are.</summary>
    None,

    /// <summary>A group's scores are divided by their mean (Fang et al. 2023).</summary>
    Group,
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

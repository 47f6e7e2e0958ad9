using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Ranks units by what they answer to images. It looks at the unit's values that activation functions made, at all of
/// its values if there are none such.
/// </summary>
public abstract record ActivationCriterion : Criterion
{
    /// <summary>How many images.</summary>
    [OptionRange(1, 10_000_000)]
    public int Samples { get; init; } = 1024;

    /// <inheritdoc/>
    public sealed override bool NeedsData => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException(
            $"criterion '{Name}' ranks neurons and channels, not single weights: use 'granularity: row', "
                + "or a technique that prunes channels"
        );

    /// <inheritdoc/>
    public sealed override IReadOnlyList<StatisticsRequest> Needs(
        TechniqueContext context,
        IReadOnlyList<PruningUnit> units
    ) => [.. RegionsOf(context, units).SelectMany(r => r).Select(Request).Distinct()];

    /// <inheritdoc/>
    public sealed override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        ValueRegion[][] regions = RegionsOf(context, units);
        CollectedStatistics collected = context.Collect(
            [.. regions.SelectMany(r => r).Select(Request).Distinct()],
            $"criterion '{Name}'"
        );
        return [.. regions.Select(r => r.Average(v => v.Indices.Average(i => collected.Find(Request(v))![i])))];
    }

    /// <summary>Whether zeros are counted, or magnitudes averaged.</summary>
    private protected abstract bool CountsZeros { get; }

    private ChannelMeansRequest Request(ValueRegion region) => new(region.Value, region.Axis, CountsZeros, Samples);

    private ValueRegion[][] RegionsOf(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        var made = context
            .Network.Nodes.Where(n => n.Operator.Is(OperatorTraits.Activation))
            .Select(n => n.Outputs[0])
            .ToHashSet(StringComparer.Ordinal);
        return [.. units.Select(u => Chosen(u, made))];
    }

    private ValueRegion[] Chosen(PruningUnit unit, HashSet<string> made)
    {
        ValueRegion[] activations = [.. unit.Values.Where(v => made.Contains(v.Value))];
        if (activations.Length > 0)
            return activations;
        return unit.Values.Length > 0
            ? [.. unit.Values]
            : throw new ModelException(
                $"criterion '{Name}' ranks neurons and channels by their activations, and '{unit.Name}' "
                    + "has none: use 'granularity: row', or a technique that prunes channels"
            );
    }
}

/// <summary>
/// How often a unit's activations are not zero: one minus the average percentage of zeros (Hu, Peng, Tai, Tang 2016).
/// </summary>
public sealed record ZeroActivationCriterion : ActivationCriterion
{
    /// <inheritdoc/>
    public override string Name => "apoz";

    private protected override bool CountsZeros => true;
}

/// <summary>The mean |activation| of a unit (Molchanov et al. 2017).</summary>
public sealed record MeanActivationCriterion : ActivationCriterion
{
    /// <inheritdoc/>
    public override string Name => "mean-activation";

    private protected override bool CountsZeros => false;
}

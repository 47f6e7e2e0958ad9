using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Ranks units by what they answer to images: how often they are not zero, one minus the average percentage of zeros
/// (Hu, Peng, Tai, Tang 2016), or their mean |activation| (Molchanov et al. 2017). It looks at the unit's values that
/// activation functions made, at all of its values if there are none such.
/// </summary>
/// <param name="countsZeros">Whether zeros are counted, or magnitudes averaged.</param>
/// <param name="samples">How many images.</param>
internal sealed class ActivationCriterion(bool countsZeros, int samples) : Criterion
{
    /// <inheritdoc/>
    public override string Name => countsZeros ? "apoz" : "mean-activation";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException(
            $"criterion '{Name}' ranks neurons and channels, not single weights: use 'granularity: row', "
                + "or a technique that prunes channels"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(
        TechniqueContext context,
        IReadOnlyList<PruningUnit> units
    ) => [.. RegionsOf(context, units).SelectMany(r => r).Select(Request).Distinct()];

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        ValueRegion[][] regions = RegionsOf(context, units);
        CollectedStatistics collected = context.Collect(
            [.. regions.SelectMany(r => r).Select(Request).Distinct()],
            $"criterion '{Name}'"
        );
        return [.. regions.Select(r => r.Average(v => v.Indices.Average(i => collected.Find(Request(v))![i])))];
    }

    private ChannelMeansRequest Request(ValueRegion region) => new(region.Value, region.Axis, countsZeros, samples);

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

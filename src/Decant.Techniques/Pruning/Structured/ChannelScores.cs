using System.Collections.Immutable;
using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>What a criterion says of channels.</summary>
internal static class ChannelScores
{
    /// <summary>The scores of every group's channels, in their order, by the group's name.</summary>
    /// <exception cref="ModelException">A score is not finite; the group is named.</exception>
    public static IReadOnlyDictionary<string, double[]> Of(
        Criterion criterion,
        TechniqueContext context,
        IReadOnlyList<ChannelGroup> groups
    )
    {
        PruningUnit[] units = UnitsOf(criterion, context, groups);
        double[] all = criterion.Score(context, units);
        var scores = new Dictionary<string, double[]>(StringComparer.Ordinal);
        int at = 0;
        foreach (ChannelGroup group in groups)
        {
            scores[group.Name] = all[at..(at += group.Count)];
            if (Array.Find(scores[group.Name], s => !double.IsFinite(s)) is var odd && !double.IsFinite(odd))
                throw new ModelException(
                    $"criterion '{criterion.Name}' gives a channel of group '{group.Name}' the score "
                        + $"{odd}; only finite weights can be ranked"
                );
        }
        return scores;
    }

    /// <summary>The statistics that scoring channels asks for.</summary>
    public static IReadOnlyList<StatisticsRequest> Needs(
        Criterion criterion,
        TechniqueContext context,
        IReadOnlyList<ChannelGroup> groups
    ) => criterion.Needs(context, UnitsOf(criterion, context, groups));

    /// <summary>
    /// Divides scores by their mean, so that those of layers of other scales compare (Fang et al. 2023).
    /// </summary>
    public static double[] Normalized(double[] scores)
    {
        double mean = scores.Average();
        return mean > 0 ? Array.ConvertAll(scores, s => s / mean) : scores;
    }

    private static PruningUnit[] UnitsOf(
        Criterion criterion,
        TechniqueContext context,
        IReadOnlyList<ChannelGroup> groups
    ) =>
        [
            .. groups.SelectMany(g =>
                g.Channels.Select((c, i) => UnitOf(context.Network, $"{g.Name}[{i}]", c, criterion.NeedsData))
            ),
        ];

    /// <summary>
    /// A channel as what makes it. Biases count where gradients do: with them a first-order term is that of the whole
    /// channel.
    /// </summary>
    private static PruningUnit UnitOf(Network network, string name, Channel channel, bool withVectors)
    {
        ChannelSlice[] makers = [.. channel.Members.Where(m => m.Role == ChannelRole.Producer)];
        ChannelSlice[] matrices = [.. makers.Where(m => LayerWeights.Has(network, network.Weights[m.Weight]))];
        IEnumerable<ChannelSlice> seen = withVectors || matrices.Length == 0 ? makers : matrices;
        return new PruningUnit(
            name,
            [.. seen.SelectMany(m => RegionsOf(network, m))],
            [.. channel.Values.Select(v => new ValueRegion(v.Value, v.Axis, v.Indices))]
        );
    }

    private static IEnumerable<WeightRegion> RegionsOf(Network network, ChannelSlice slice)
    {
        Weight weight = network.Weights[slice.Weight];
        ImmutableArray<int> indices = slice.Indices;
        for (int from = 0, to; from < indices.Length; from = to)
        {
            for (to = from + 1; to < indices.Length && indices[to] == indices[to - 1] + 1; )
                to++;
            yield return WeightRegion.Slice(weight, slice.Axis, indices[from], to - from);
        }
    }
}

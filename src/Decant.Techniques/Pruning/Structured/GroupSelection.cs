using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Pruning;

/// <summary>Which groups of channels a recipe means.</summary>
internal static class GroupSelection
{
    /// <summary>
    /// The groups whose producing weights are selected. Where every weight of a layer is, nothing was picked out: fixed
    /// groups are left alone then.
    /// </summary>
    /// <exception cref="ModelException">Some weights of a group are selected and others are not, a fixed group is, or
    /// nothing can be cut.</exception>
    public static IReadOnlyList<ChannelGroup> Of(ChannelGroups groups, IReadOnlyList<Weight> selected)
    {
        HashSet<string> names = selected.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        bool all = LayerWeights.In(groups.Network).All(w => names.Contains(w.Name));
        ChannelGroup[] meant = [.. groups.Where(g => all ? !g.IsFixed : IsMeant(g, groups.Network, names))];
        if (meant.Length > 0)
            return meant;
        IEnumerable<ChannelGroup> free = groups.Where(g => !g.IsFixed);
        throw new ModelException(
            all
                ? "no channels of this network can be pruned: "
                    + $"{string.Join("; ", groups.Take(5).Select(g => $"group '{g.Name}' is fixed by {g.FixedBy}"))}"
                : "'weights' selects no weight that makes channels; groups are made by "
                    + string.Join("; ", free.Select(g => Names(Matrices(groups.Network, g.Producers))))
        );
    }

    private static bool IsMeant(ChannelGroup group, Network network, HashSet<string> selected)
    {
        string[] makers = Matrices(network, group.Producers),
            meant = [.. makers.Where(selected.Contains)];
        if (meant.Length == 0)
            return false;
        if (group.IsFixed)
            throw new ModelException(
                $"group '{group.Name}', made by {Names(meant)}, cannot be pruned: it is fixed by "
                    + $"{group.FixedBy}; take it out of 'weights'"
            );
        return meant.Length == makers.Length
            ? true
            : throw new ModelException(
                $"'weights' would prune only a part of group '{group.Name}': {Names(meant)} selected, "
                    + $"{Names([.. makers.Except(meant, StringComparer.Ordinal)])} not, and their channels are "
                    + "coupled; select all of them or none"
            );
    }

    private static string[] Matrices(Network network, IEnumerable<string> weights) =>
        [.. weights.Where(w => LayerWeights.Has(network, network.Weights[w]))];

    private static string Names(string[] weights) => string.Join(", ", weights.Select(w => $"'{w}'"));
}

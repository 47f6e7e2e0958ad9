namespace Decant.Core.Channels;

/// <summary>Brings what single layers keep to what groups keep.</summary>
internal static class LayerSelection
{
    public static Dictionary<string, bool[]> ToGroups(ChannelGroups groups, IReadOnlyDictionary<string, bool[]> kept)
    {
        var says = new Dictionary<int, (bool Kept, string Layer, int Channel)>();
        foreach (string layer in kept.Keys.Order(StringComparer.Ordinal))
            Read(groups.Flow, layer, kept[layer], says);
        return groups
            .Where(g => g.Channels.Any(c => says.ContainsKey(c.Root)))
            .ToDictionary(
                g => g.Name,
                g => g.Channels.Select(c => !says.TryGetValue(c.Root, out var said) || said.Kept).ToArray(),
                StringComparer.Ordinal
            );
    }

    private static void Read(
        ChannelFlow flow,
        string layer,
        bool[] kept,
        Dictionary<int, (bool Kept, string Layer, int Channel)> says
    )
    {
        int[] marks = flow.Sources.Find(s => s.Node.Name == layer).Marks
            ?? throw new ModelException(
                $"no layer '{layer}' makes channels; there are "
                    + $"{string.Join(", ", flow.Sources.Select(s => s.Node.Name).Distinct(StringComparer.Ordinal))}"
            );
        if (kept.Length != marks.Length)
            throw new ModelException($"{kept.Length} channels given for layer '{layer}', which has {marks.Length}");
        for (int i = 0; i < marks.Length; i++)
        {
            int root = flow.UnionFind.Root(marks[i]);
            if (says.TryGetValue(root, out var said) && said.Kept != kept[i])
                throw Half(said, (kept[i], layer, i));
            says.TryAdd(root, (kept[i], layer, i));
        }
    }

    private static ModelException Half(
        (bool Kept, string Layer, int Channel) a,
        (bool Kept, string Layer, int Channel) b
    ) =>
        new(
            $"channel {(a.Kept ? b : a).Channel} of layer '{(a.Kept ? b : a).Layer}' is pruned but channel "
                + $"{(a.Kept ? a : b).Channel} of layer '{(a.Kept ? a : b).Layer}', "
                + "which is coupled with it, is kept: prune both or neither"
        );
}

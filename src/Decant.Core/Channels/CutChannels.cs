namespace Decant.Core.Channels;

/// <summary>Reads which channels are to be cut.</summary>
internal static class CutChannels
{
    /// <summary>The channels that groups do not keep.</summary>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, would be cut whole, or has another number of channels.</exception>
    public static Channel[] Of(ChannelGroups groups, IReadOnlyDictionary<string, bool[]> kept) =>
        [.. kept.Keys.Order(StringComparer.Ordinal).SelectMany(name => Of(groups[name], kept[name]))];

    private static IEnumerable<Channel> Of(ChannelGroup group, bool[] kept)
    {
        if (kept.Length != group.Count) throw new ModelException($"{kept.Length} channels given for {group}");
        if (kept.All(k => k)) return [];
        if (group.FixedBy is { } why) throw new ModelException($"{group} cannot be cut because of {why}: keep all of it");
        if (!kept.Contains(true)) throw new ModelException($"all of {group} would be cut, which prunes {Layers(group)} to nothing: keep at least one channel");
        return group.Channels.Where((_, i) => !kept[i]);
    }

    private static string Layers(ChannelGroup group) => group.Layers.Count == 1 ? $"layer '{group.Layers[0]}'" : $"layers {string.Join(", ", group.Layers.Select(l => $"'{l}'"))}";
}

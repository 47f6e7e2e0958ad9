namespace Decant.Core.Channels;

/// <summary>Reads which channels are to be pruned.</summary>
internal static class CutChannels
{
    /// <summary>The channels that groups do not keep.</summary>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, would be cut whole, or has another number of
    /// channels.</exception>
    public static Channel[] Of(ChannelGroups groups, IReadOnlyDictionary<string, bool[]> kept) =>
        [.. kept.Keys.Order(StringComparer.Ordinal).SelectMany(name => Of(groups[name], kept[name]))];

    private static IEnumerable<Channel> Of(ChannelGroup group, bool[] kept)
    {
        if (kept.Length != group.Count)
            throw new ModelException($"{kept.Length} channels given for {group}");
        if (kept.All(k => k))
            return [];
        if (group.FixedBy is { } why)
            throw new ModelException($"{group} cannot be pruned because of {why}: keep all of it");
        if (!kept.Contains(true))
            throw new ModelException(
                $"all of {group} would be pruned, which leaves {Layers(group)} without channels: "
                    + "keep at least one channel"
            );
        return group.Channels.Where((_, i) => !kept[i]);
    }

    private static string Layers(ChannelGroup group) =>
        group.Layers.Count == 1
            ? $"layer '{group.Layers[0]}'"
            : $"layers {string.Join(", ", group.Layers.Select(l => $"'{l}'"))}";
}

/// <summary>A network in the making from which channels are pruned.</summary>
internal sealed class ThinnedNetwork
{
    private readonly HashSet<int> cut;
    private readonly Dictionary<string, int[]?[]?> kept = new(StringComparer.Ordinal);

    /// <summary>Prunes channels, by the marks that they have.</summary>
    /// <exception cref="ModelException">Nothing is left of a layer.</exception>
    public ThinnedNetwork(ChannelFlow flow, HashSet<int> cut)
    {
        (Flow, this.cut, Rewriter) = (flow, cut, new NetworkRewriter(flow.Network));
        foreach (var (node, marks) in flow.Sources)
            CheckLeft(marks, node.ToString());
    }

    /// <summary>Where the channels lie in the network as it was.</summary>
    public ChannelFlow Flow { get; }

    /// <summary>Builds the smaller network, and names what is new in it.</summary>
    public NetworkRewriter Rewriter { get; }

    /// <summary>Builds the smaller network.</summary>
    /// <exception cref="ModelException">Nothing is left of a value.</exception>
    public Network Build()
    {
        foreach (Weight weight in Flow.Network.Weights)
            if (Kept(weight.Name) is { } places)
                Rewriter.SetWeight(weight.Name, WeightSlices.Take(weight.Encoding, places));
        foreach (Node node in Flow.Network.Nodes)
            if (IsChanged(node))
                Rewriter.Replace(node, node.Operator.ChannelRule.Thin(new NodeCut(this, node)));
        return Rewriter.ToNetwork();
    }

    /// <summary>
    /// For each axis of a value, the places that are kept, or null if all are; null if nothing is pruned from it.
    /// </summary>
    public int[]?[]? Kept(string value)
    {
        if (kept.TryGetValue(value, out int[]?[]? known))
            return known;
        int[]?[] places = [.. (Flow.Known(value) ?? []).Select(axis => Places(axis, value))];
        return kept[value] = places.Any(p => p is not null) ? places : null;
    }

    private bool IsChanged(Node node)
    {
        foreach (string output in node.Outputs)
            Kept(output);
        return node.Inputs.Concat(node.Outputs).Any(v => v.Length > 0 && Kept(v) is not null);
    }

    private int[]? Places(int[]? marks, string value)
    {
        if (marks is null || !marks.Any(IsCut))
            return null;
        CheckLeft(marks, $"value '{value}'");
        return [.. Enumerable.Range(0, marks.Length).Where(i => !IsCut(marks[i]))];
    }

    private void CheckLeft(int[] marks, string what)
    {
        if (marks.All(IsCut))
            throw new ModelException(
                $"all {marks.Length} channels of {what} would be pruned, which leaves the layer without channels: "
                    + "keep at least one"
            );
    }

    private bool IsCut(int mark) => cut.Contains(Flow.UnionFind.Root(mark));
}

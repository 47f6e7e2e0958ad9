namespace Decant.Core.Channels.Constants;

/// <summary>Finds channels that can go without changing what is computed.</summary>
internal sealed class NeedlessChannels
{
    private readonly ChannelGroups groups;
    private readonly ILookup<int, Reading> readings;
    private readonly Dictionary<int, List<int>> layers = [];
    private readonly List<int> left = [];

    public NeedlessChannels(ChannelGroups groups)
    {
        this.groups = groups;
        ChannelFlow flow = groups.Flow;
        Values = new ConstantValues(flow);
        readings = flow
            .Readings.SelectMany(r =>
                (flow.Known(r.Weight)![r.Axis] ?? []).Select(flow.UnionFind.Root).Distinct().Select(root => (root, r))
            )
            .ToLookup(p => p.root, p => p.r);
        foreach (var (_, marks) in flow.Sources)
            Count(marks);
        foreach (
            string value in flow
                .Network.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs))
                .Distinct(StringComparer.Ordinal)
        )
        foreach (int[]? marks in flow.Known(value) ?? [])
            Count(marks);
    }

    /// <summary>The channels whose value is known.</summary>
    public ConstantValues Values { get; }

    /// <summary>Channels that can go together; one channel of every layer stays.</summary>
    public Channel[] Find() =>
        [
            .. groups
                .Where(g => !g.IsFixed)
                .SelectMany(g => g.Channels)
                .Where(c => IsNeedless(c.Root))
                .Where(c => Leave(c.Root)),
        ];

    /// <summary>What goes, by group and reason.</summary>
    public IEnumerable<RemovedChannels> Report(Channel[] cut) =>
        groups.SelectMany(g =>
            g.Channels.Intersect(cut)
                .GroupBy(
                    c => readings[c.Root].All(r => IsUnread(c.Root, r)) ? "unread" : "constant",
                    (why, channels) => new RemovedChannels(g.Name, channels.Count(), why),
                    StringComparer.Ordinal
                )
        );

    private bool IsNeedless(int root) => readings[root].All(r => IsUnread(root, r) || CanFold(root, r));

    private bool IsUnread(int root, Reading reading) => Values.Number(reading.Weight, root, reading.Axis) == 0;

    private bool CanFold(int root, Reading reading) =>
        Values.Of(reading.Value, root) is { } value && (value == 0 || ConstantFold.IsPossible(groups.Flow, reading));

    private void Count(int[]? marks)
    {
        if (marks is null)
            return;
        int[] roots = [.. marks.Select(groups.Flow.UnionFind.Root).Distinct()];
        foreach (int root in roots)
        {
            if (!layers.TryGetValue(root, out List<int>? of))
                layers[root] = of = [];
            of.Add(left.Count);
        }
        left.Add(roots.Length);
    }

    /// <summary>Takes a channel out of its layers, unless it is the last of one.</summary>
    private bool Leave(int root)
    {
        if (layers[root].Exists(layer => left[layer] == 1))
            return false;
        foreach (int layer in layers[root])
            left[layer]--;
        return true;
    }
}

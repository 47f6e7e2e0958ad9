using System.Collections.Immutable;

namespace Decant.Core.Channels;

/// <summary>Gathers marks to channels, and channels to groups.</summary>
internal sealed class ChannelGrouping(ChannelFlow flow)
{
    private readonly ChannelUnionFind together = new();
    private readonly Dictionary<int, int> seats = [];
    private readonly Dictionary<int, List<ChannelSlice>> slices = [];
    private readonly Dictionary<int, List<ChannelPlace>> places = [];

    /// <summary>The groups, in the order of the nodes that make them first.</summary>
    public IReadOnlyList<ChannelGroup> Groups()
    {
        foreach (var (_, marks) in flow.Sources)
            Seat(marks);
        foreach (Weight weight in flow.Network.Weights)
            Place(weight.Name, (axis, root, at) =>
                Of(slices, root).Add(new ChannelSlice(weight.Name, axis, at, flow.Role(weight.Name, axis)))
            );
        foreach (
            string value in flow
                .Network.Inputs.Select(i => i.Name)
                .Concat(flow.Network.Nodes.SelectMany(n => n.Outputs))
        )
            Place(value, (axis, root, at) => Of(places, root).Add(new ChannelPlace(value, axis, at)));
        var groups = new List<ChannelGroup>();
        foreach (var sources in flow.Sources.GroupBy(s => together.Root(seats[flow.UnionFind.Root(s.Marks[0])])))
            groups.Add(Group([.. sources], groups));
        return groups;
    }

    private ChannelGroup Group((Node Node, int[] Marks)[] sources, List<ChannelGroup> before)
    {
        Node first = sources[0].Node;
        int[] roots = [.. sources.SelectMany(s => s.Marks).Select(flow.UnionFind.Root).Distinct()];
        bool isTaken = first.Name.Length == 0 || before.Exists(g => g.Name == first.Name);
        return new ChannelGroup(
            isTaken ? first.Outputs.First(o => o.Length > 0) : first.Name,
            [.. roots.Select(r => new Channel(r, Of(slices, r), Of(places, r)))],
            [.. sources.Select(s => s.Node.Name).Distinct(StringComparer.Ordinal)],
            roots.Select(flow.UnionFind.FixedBy).FirstOrDefault(why => why is not null)
        );
    }

    /// <summary>Channels that one node makes belong to one group.</summary>
    private void Seat(int[] marks)
    {
        int[] all = [.. marks.Select(flow.UnionFind.Root).Distinct()];
        foreach (int root in all)
        {
            if (!seats.ContainsKey(root))
                seats[root] = together.New(1)[0];
            together.Join(seats[all[0]], seats[root]);
        }
    }

    /// <summary>Says of each axis of a value where the channels lie that belong to a group.</summary>
    private void Place(string value, Action<int, int, ImmutableArray<int>> add)
    {
        int[]?[] layout = flow.Known(value) ?? [];
        for (int axis = 0; axis < layout.Length; axis++)
            foreach (
                var at in (layout[axis] ?? [])
                    .Select((mark, i) => (Root: flow.UnionFind.Root(mark), i))
                    .GroupBy(p => p.Root, p => p.i)
            )
                if (seats.ContainsKey(at.Key))
                    add(axis, at.Key, [.. at]);
    }

    private static List<T> Of<T>(Dictionary<int, List<T>> all, int root)
    {
        if (!all.TryGetValue(root, out List<T>? list))
            all[root] = list = [];
        return list;
    }
}

/// <summary>Which marks mean the same channel (union-find), and which of them cannot be pruned, and why.</summary>
internal sealed class ChannelUnionFind
{
    private readonly List<int> parents = [];
    private readonly Dictionary<int, string> reasons = [];

    /// <summary>A number of new marks.</summary>
    public int[] New(int count)
    {
        int[] made = [.. Enumerable.Range(parents.Count, count)];
        parents.AddRange(made);
        return made;
    }

    /// <summary>The first of the marks that mean the same channel.</summary>
    public int Root(int mark)
    {
        while (parents[mark] != mark)
            mark = parents[mark] = parents[parents[mark]];
        return mark;
    }

    /// <summary>Makes two marks mean the same channel.</summary>
    public void Join(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a == b)
            return;
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        parents[b] = a;
        if (reasons.Remove(b, out string? why))
            reasons.TryAdd(a, why);
    }

    /// <summary>Says that a channel cannot be pruned.</summary>
    public void Fix(int mark, string why) => reasons.TryAdd(Root(mark), why);

    /// <summary>Why a channel cannot be pruned; null if it can.</summary>
    public string? FixedBy(int mark) => reasons.GetValueOrDefault(Root(mark));
}

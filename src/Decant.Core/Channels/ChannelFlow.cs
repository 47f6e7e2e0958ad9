namespace Decant.Core.Channels;

/// <summary>
/// Follows channels through a network: each place along an axis of a value has a mark, and operators hand marks on,
/// join them, or fix them. An axis without marks is never pruned.
/// </summary>
internal sealed class ChannelFlow
{
    private const int MostMarks = 1 << 20;
    private readonly Dictionary<string, int[]?[]?> layouts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Weight, int Axis), ChannelRole> roles = [];

    private readonly HashSet<Node> headSplits;

    private ChannelFlow(Network network, AttentionUnit unit)
    {
        (Network, Shapes) = (network, NetworkShapes.Of(network));
        headSplits = unit == AttentionUnit.Head ? AttentionSplits.In(network) : [];
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Its shapes, of any batch.</summary>
    public NetworkShapes Shapes { get; }

    /// <summary>Which marks mean the same channel.</summary>
    public ChannelUnionFind UnionFind { get; } = new();

    /// <summary>Nodes that make channels with a weight, with the marks of what they make.</summary>
    public List<(Node Node, int[] Marks)> Sources { get; } = [];

    /// <summary>Where a node reads the channels of a value with an axis of a weight.</summary>
    public List<Reading> Readings { get; } = [];

    /// <summary>Where channels of two values are multiplied one by one and summed over.</summary>
    public List<InnerProduct> InnerProducts { get; } = [];

    /// <summary>Whether a node splits channels into attention heads that are to be pruned whole.</summary>
    public bool SplitsHeads(Node node) => headSplits.Contains(node);

    /// <summary>The marks of each axis of a value, or of a weight that was met; else null.</summary>
    public int[]?[]? Known(string value) => layouts.GetValueOrDefault(value);

    /// <summary>Follows all channels of a network.</summary>
    /// <exception cref="ModelException">Its shapes do not fit.</exception>
    public static ChannelFlow Of(Network network, AttentionUnit unit)
    {
        var flow = new ChannelFlow(network, unit);
        foreach (ValueInfo input in network.Inputs)
        {
            int[]?[]? layout = flow.Fresh(input.Type.Shape);
            flow.layouts[input.Name] = layout;
            flow.Fix(layout, $"input '{input.Name}'");
        }
        foreach (Node node in network.Nodes)
            node.Operator.ChannelRule.Follow(new NodeFlow(flow, node));
        foreach (ValueInfo output in network.Outputs)
            flow.Fix(flow.Layout(output.Name), $"output '{output.Name}'");
        InnerProduct.FixOpen(flow);
        return flow;
    }

    /// <summary>The marks of each axis of a value or weight; null where not even the rank is known.</summary>
    public int[]?[]? Layout(string value)
    {
        if (layouts.TryGetValue(value, out int[]?[]? layout))
            return layout;
        bool marked = Network.Weights.TryGet(value, out Weight? w) && w.IsTrainable;
        return layouts[value] =
            marked ? Fresh(w!.Encoding.Shape)
            : Shapes[value]?.Shape is { } s ? new int[]?[s.Rank]
            : null;
    }

    /// <summary>Sets the marks of a value.</summary>
    public void Set(string value, int[]?[]? layout) => layouts[value] = layout;

    /// <summary>
    /// Says what an axis of a weight is to its channels. Reading weighs most, since what is read must be set to zero.
    /// </summary>
    public void Role(string weight, int axis, ChannelRole role) =>
        roles[(weight, axis)] = roles.TryGetValue((weight, axis), out ChannelRole old) && old > role ? old : role;

    /// <summary>What an axis of a weight is to its channels.</summary>
    public ChannelRole Role(string weight, int axis) => roles.GetValueOrDefault((weight, axis), ChannelRole.Companion);

    /// <summary>Says of all marks of a value that they cannot be pruned.</summary>
    public void Fix(int[]?[]? layout, string why)
    {
        foreach (int[]? axis in layout ?? [])
        foreach (int mark in axis ?? [])
            UnionFind.Fix(mark, why);
    }

    private int[]?[]? Fresh(Shape? shape) =>
        shape is { } s ? [.. s.Dims.Select(d => d is > 1 and < MostMarks ? UnionFind.New(d) : null)] : null;
}

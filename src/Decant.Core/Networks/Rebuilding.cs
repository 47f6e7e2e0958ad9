namespace Decant.Core;

/// <summary>Changes of a network's nodes.</summary>
public static class Rebuilding
{
    /// <summary>
    /// The network with each node replaced by some, with some weights replaced or added, and without those that nobody
    /// reads any longer.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="replace">What comes in place of a node, in order.</param>
    /// <param name="more">Weights that replace those of their name, or are new.</param>
    /// <exception cref="ModelException">The nodes do not fit together: a name is read before it is made, made twice, or
    /// missing.</exception>
    public static Network Rebuilt(
        this Network network,
        Func<Node, IEnumerable<Node>> replace,
        IReadOnlyList<Weight> more
    )
    {
        Node[] nodes = [.. network.Nodes.SelectMany(replace)];
        HashSet<string> read = [.. nodes.SelectMany(n => n.Inputs), .. network.Outputs.Select(o => o.Name)];
        HashSet<string> before = [.. network.Nodes.SelectMany(n => n.Inputs)];
        var changed = new WeightSet(more);
        IEnumerable<Weight> kept = network
            .Weights.Where(w => read.Contains(w.Name) || !before.Contains(w.Name))
            .Select(w => changed.TryGet(w.Name, out var other) ? other : w);
        IEnumerable<Weight> added = more.Where(w => !network.Weights.TryGet(w.Name, out _));
        return new Network(
            network.Name,
            network.Inputs,
            network.Outputs,
            [.. nodes],
            kept.Concat(added),
            network.Metadata
        );
    }

    /// <summary>
    /// The network without the node that makes a value: what makes that node's first input, which nobody else reads,
    /// makes the value.
    /// </summary>
    public static Network WithoutMaker(this Network network, string value)
    {
        Node maker = network.Nodes.First(n => n.Outputs.Contains(value));
        return network.Rebuilt(
            n => n == maker ? [] : [n with { Outputs = [.. n.Outputs.Select(o => o == maker.Inputs[0] ? value : o)] }],
            []
        );
    }
}

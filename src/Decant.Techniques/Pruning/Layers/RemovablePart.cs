using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Nodes that can be left out: what they make has the shape of what they read, which takes its place.
/// </summary>
/// <param name="Name">The name of the node that makes the output.</param>
/// <param name="Input">The value that takes the output's place.</param>
/// <param name="Output">The value that goes.</param>
/// <param name="Nodes">The nodes that go, in the network's order; nobody else reads what they make, the output
/// apart.</param>
internal sealed record RemovablePart(string Name, string Input, string Output, ImmutableArray<Node> Nodes)
{
    /// <summary>The nodes that have weights, as a plan names them.</summary>
    public IEnumerable<string> LayersOf(Network network) =>
        Nodes.Where(n => WeightsOf(network, n).Any()).Select(n => n.Name);

    /// <summary>The trained weights of two axes or more that the nodes read.</summary>
    public IEnumerable<Weight> WeightsOf(Network network) => Nodes.SelectMany(n => WeightsOf(network, n)).Distinct();

    /// <summary>Whether this is meant by a name: its own, that of a node in it or of a weight that one reads.</summary>
    public bool IsCalled(Network network, Func<string, bool> matches) =>
        matches(Name)
        || Nodes.Any(n => matches(n.Name) || n.Inputs.Any(i => network.Weights.TryGet(i, out _) && matches(i)));

    /// <summary>Whether a network still has it.</summary>
    public bool IsIn(Network network) =>
        network.Nodes.Any(n => n.Name == Name && n.Operator.Type == Nodes[^1].Operator.Type);

    /// <summary>The network without it.</summary>
    public Network RemoveFrom(Network network)
    {
        HashSet<string> gone = Nodes.SelectMany(n => n.Outputs).ToHashSet(StringComparer.Ordinal);
        bool isOutput = network.Outputs.Any(o => o.Name == Output);
        ImmutableArray<Node> nodes =
        [
            .. network.Nodes.SelectMany<Node, Node>(n =>
                !gone.Contains(n.Outputs[0])
                    ? [isOutput ? n : n with { Inputs = [.. n.Inputs.Select(i => i == Output ? Input : i)] }]
                : isOutput && n.Outputs[0] == Output
                    ? [new Node(n.Name, new Core.Operators.Identity(Attributes.None), [Input], [Output])]
                : []
            ),
        ];
        HashSet<string> read = nodes
            .SelectMany(n => n.Inputs)
            .Concat(network.Outputs.Select(o => o.Name))
            .ToHashSet(StringComparer.Ordinal);
        HashSet<string> left = Nodes
            .SelectMany(n => n.Inputs)
            .Where(i => !read.Contains(i))
            .ToHashSet(StringComparer.Ordinal);
        return new Network(
            network.Name,
            network.Inputs,
            network.Outputs,
            nodes,
            network.Weights.Where(w => !left.Contains(w.Name)),
            network.Metadata
        );
    }

    private static IEnumerable<Weight> WeightsOf(Network network, Node node) =>
        node
            .Inputs.Where((_, i) => !node.Operator.IsSetting(i))
            .Select(i => network.Weights.TryGet(i, out var w) && w.IsTrainable && w.Encoding.Shape.Rank > 1 ? w : null)
            .OfType<Weight>();
}

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
        network.Graph.Producer(Output) is { } last && last.Operator.Type == Nodes[^1].Operator.Type;

    /// <summary>The network without it.</summary>
    public Network RemoveFrom(Network network)
    {
        var rewriter = new NetworkRewriter(network);
        foreach (Node node in Nodes.Select(n => network.Graph.Producer(n.Outputs[0])).OfType<Node>())
            if (node.Outputs[0] == Output && network.Graph.IsOutput(Output))
                rewriter.Replace(
                    node,
                    new Node(node.Name, new Core.Operators.Identity(Attributes.None), [Input], [Output])
                );
            else
                rewriter.Remove(node);
        if (!network.Graph.IsOutput(Output))
            rewriter.Redirect(Output, Input);
        return rewriter.ToNetwork();
    }

    private static IEnumerable<Weight> WeightsOf(Network network, Node node) =>
        node
            .Inputs.Where((_, i) => !node.Operator.IsSetting(i))
            .Select(i => network.Weights.TryGet(i, out var w) && w.IsTrainable && w.Encoding.Shape.Rank > 1 ? w : null)
            .OfType<Weight>();
}

using System.Diagnostics.CodeAnalysis;

namespace Decant.Core;

/// <summary>
/// Which node of a network produces each value, and which consume it. Made once for a network
/// (<see cref="Network.Graph"/>); every look-up takes constant time. Nodes are told apart by reference.
/// </summary>
public sealed class GraphIndex
{
    private readonly Dictionary<string, Node> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Node>> consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, int> positions = [];
    private readonly HashSet<string> outputs = new(StringComparer.Ordinal);

    internal GraphIndex(Network network)
    {
        foreach (ValueInfo output in network.Outputs)
            outputs.Add(output.Name);
        for (int i = 0; i < network.Nodes.Length; i++)
            Add(network.Nodes[i], i);
    }

    /// <summary>The node that makes a value; null for inputs, weights and unknown names.</summary>
    public Node? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value, each once, in the network's order; none for unknown names.</summary>
    public IReadOnlyList<Node> Consumers(string value) =>
        consumers.TryGetValue(value, out List<Node>? found) ? found : [];

    /// <summary>The only reader of a value that is no output of the network; null if there is none such.</summary>
    public Node? OnlyConsumer(string value) =>
        !IsOutput(value) && consumers.TryGetValue(value, out List<Node>? found) && found.Count == 1 ? found[0] : null;

    /// <summary>How many node inputs read a value; a node that reads it twice counts twice.</summary>
    public int Uses(string value) => uses.GetValueOrDefault(value);

    /// <summary>Whether a value is an output of the network.</summary>
    public bool IsOutput(string value) => outputs.Contains(value);

    /// <summary>Whether a node, this very object, is one of the network's.</summary>
    public bool Contains(Node node) => positions.ContainsKey(node);

    /// <summary>A node's place in the network's order, from 0.</summary>
    /// <exception cref="ArgumentException">The node is not one of the network's.</exception>
    public int Position(Node node) =>
        positions.TryGetValue(node, out int position)
            ? position
            : throw new ArgumentException($"{node} is not part of the network", nameof(node));

    /// <summary>Looks up which node makes a value.</summary>
    public bool TryGetProducer(string value, [NotNullWhen(true)] out Node? node) =>
        producers.TryGetValue(value, out node);

    private void Add(Node node, int position)
    {
        if (!positions.TryAdd(node, position))
            throw new ModelException($"{node} is listed twice in the network");
        foreach (string output in node.Outputs)
            if (output.Length > 0)
                producers[output] = node;
        foreach (string input in node.Inputs)
            if (input.Length > 0)
                AddUse(node, input);
    }

    private void AddUse(Node node, string value)
    {
        uses[value] = uses.GetValueOrDefault(value) + 1;
        if (!consumers.TryGetValue(value, out List<Node>? readers))
            consumers[value] = readers = [];
        if (readers.Count == 0 || readers[^1] != node)
            readers.Add(node);
    }
}

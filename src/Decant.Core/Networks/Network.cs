using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// A neural network: operators in the order they run, and the weights they read. Immutable; every change makes a new
/// one.
/// </summary>
public sealed class Network
{
    private GraphIndex? graph;

    /// <summary>Checks and holds a network.</summary>
    /// <param name="name">The network's name; may be empty.</param>
    /// <param name="inputs">What the caller feeds.</param>
    /// <param name="outputs">What the caller gets.</param>
    /// <param name="nodes">The operators, each after those whose outputs it reads.</param>
    /// <param name="weights">The constants, in a stable order.</param>
    /// <param name="metadata">Facts that travel with the network, such as its preprocessing.</param>
    /// <exception cref="ModelException">A name is read before it is made, made twice, or missing.</exception>
    public Network(
        string name,
        ImmutableArray<ValueInfo> inputs,
        ImmutableArray<ValueInfo> outputs,
        ImmutableArray<Node> nodes,
        IEnumerable<Weight> weights,
        ImmutableSortedDictionary<string, string>? metadata = null
    )
    {
        (Name, Inputs, Outputs, Nodes) = (name, inputs, outputs, nodes);
        Weights = new WeightSet(weights);
        Metadata = metadata ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        NetworkRules.Check(this);
    }

    /// <summary>The network's name; may be empty.</summary>
    public string Name { get; }

    /// <summary>What the caller feeds.</summary>
    public ImmutableArray<ValueInfo> Inputs { get; }

    /// <summary>What the caller gets.</summary>
    public ImmutableArray<ValueInfo> Outputs { get; }

    /// <summary>The operators, in an order in which they can run.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>The constants, by name and in order.</summary>
    public WeightSet Weights { get; }

    /// <summary>Facts that travel with the network.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Which node produces and which consume each value; made when first asked for.</summary>
    public GraphIndex Graph => LazyInitializer.EnsureInitialized(ref graph, () => new GraphIndex(this));

    /// <summary>This network with some weights' encodings replaced.</summary>
    /// <exception cref="ModelException">A name is not a weight of this network, or the shape differs.</exception>
    public Network With(IReadOnlyDictionary<string, Encoding> encodings)
    {
        foreach (var (weight, encoding) in encodings)
            if (Weights[weight].Encoding.Shape != encoding.Shape)
                throw new ModelException(
                    $"weight '{weight}' has shape {Weights[weight].Encoding.Shape}, its new encoding {encoding.Shape}"
                );
        return new Network(
            Name,
            Inputs,
            Outputs,
            Nodes,
            Weights.Select(w => encodings.TryGetValue(w.Name, out var e) ? w with { Encoding = e } : w),
            Metadata
        );
    }

    /// <summary>This network with one fact set, or removed if the value is null.</summary>
    public Network WithMetadata(string key, string? value) =>
        new(Name, Inputs, Outputs, Nodes, Weights, value is null ? Metadata.Remove(key) : Metadata.SetItem(key, value));
}

/// <summary>What makes a network well formed: each value is made once, before it is read.</summary>
internal static class NetworkRules
{
    public static void Check(Network network)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (ValueInfo input in network.Inputs)
            Add(made, input.Name, "input");
        foreach (Weight weight in network.Weights)
            Add(made, weight.Name, "weight");
        foreach (Node node in network.Nodes)
            Check(node, made);
        foreach (ValueInfo output in network.Outputs)
            if (!made.Contains(output.Name))
                throw new ModelException($"output '{output.Name}' is made by no node");
    }

    private static void Check(Node node, HashSet<string> made)
    {
        node.Operator.CheckCounts(node);
        foreach (string name in node.Inputs)
            if (name.Length > 0 && !made.Contains(name))
                throw new ModelException($"{node} reads '{name}', which nothing before it makes");
        foreach (string name in node.Outputs)
            if (name.Length > 0)
                Add(made, name, $"output of {node}");
    }

    private static void Add(HashSet<string> made, string name, string what)
    {
        if (name.Length == 0)
            throw new ModelException($"an {what} has no name");
        if (!made.Add(name))
            throw new ModelException($"'{name}', {what}, is made twice");
    }
}

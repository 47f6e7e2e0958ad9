using System.Collections.Frozen;
using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Makes the network of canonical nodes: only those that an output needs, each under a name of its own, and the
/// weights that they read.
/// </summary>
internal sealed class GraphAssembler
{
    private readonly OnnxGraph graph;
    private readonly Values values;
    private readonly List<GraphNode> nodes;
    private readonly HashSet<string> needed = new(StringComparer.Ordinal);

    private GraphAssembler(OnnxGraph graph, List<GraphNode> nodes, Values values) =>
        (this.graph, this.nodes, this.values) = (graph, nodes, values);

    public static Network Build(OnnxModel model, ImmutableArray<ValueInfo> inputs, List<GraphNode> nodes, Values values)
    {
        var assembler = new GraphAssembler(model.Graph!, nodes, values);
        assembler.NameOutputs();
        ImmutableArray<Node> live = assembler.Live();
        var network = new Network(
            model.Graph!.Name,
            inputs,
            assembler.Outputs(),
            live,
            assembler.Weights(),
            model.Metadata.ToImmutableSortedDictionary(StringComparer.Ordinal)
        );
        return SpelledOut.Joined(
            DequantizedConstants.Folded(DynamicProducts.Joined(HalfPrecision.WithOutputs(network)))
        );
    }

    /// <summary>Gives each output its own name where a node that only handed it on is gone.</summary>
    private void NameOutputs()
    {
        HashSet<string> taken = [.. graph.Outputs.Select(o => o.Name)],
            made = [.. nodes.SelectMany(n => n.Outputs)];
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var copies = new List<GraphNode>();
        foreach (string name in graph.Outputs.Select(o => o.Name).Distinct(StringComparer.Ordinal))
        {
            string value = values.Resolve(name);
            if (value == name)
                continue;
            if (values.Constant(value) is { } constant)
                values.Add(name, constant);
            else if (made.Contains(value) && !taken.Contains(value) && renamed.TryAdd(value, name))
                Retype(value, name);
            else
                copies.Add(new GraphNode(name, "Identity", [value], [name], Attributes.None));
        }
        nodes.AddRange(copies);
        if (renamed.Count == 0)
            return;
        for (int i = 0; i < nodes.Count; i++)
            nodes[i] = Renamed(nodes[i], renamed);
    }

    private void Retype(string from, string to)
    {
        if (values.IsTyped(from))
            values.SetType(to, values.Type(from), values.Extents(from));
    }

    private static GraphNode Renamed(GraphNode node, Dictionary<string, string> names) =>
        node with
        {
            Inputs = [.. node.Inputs.Select(i => names.GetValueOrDefault(i, i))],
            Outputs = [.. node.Outputs.Select(o => names.GetValueOrDefault(o, o))],
        };

    private ImmutableArray<Node> Live()
    {
        needed.UnionWith(graph.Outputs.Select(o => o.Name));
        var live = new Stack<GraphNode>();
        foreach (GraphNode node in Enumerable.Reverse(nodes))
        {
            if (!node.Outputs.Any(o => o.Length > 0 && needed.Contains(o)))
                continue;
            live.Push(node);
            needed.UnionWith(node.Inputs);
        }
        var names = new UniqueNames([]);
        return [.. live.Select(n => Node(n, names.Next(n.Name)))];
    }

    /// <summary>A node of the network.</summary>
    /// <exception cref="ModelException">Its operator is not supported, or not so; the node is named.</exception>
    public static Node Node(GraphNode node, string name)
    {
        try
        {
            return new Node(name, OperatorCatalogue.Create(node.Type, node.Attributes), node.Inputs, node.Outputs);
        }
        catch (ModelException e)
        {
            bool folds = FoldRules.Has(node.Type) && !OperatorCatalogue.Has(node.Type);
            throw new ModelException(
                $"{node}: {e.Message}{(folds ? "; it could not be folded into a constant" : "")}",
                e
            );
        }
    }

    private IEnumerable<Weight> Weights() =>
        values.Constants.Where(needed.Contains).Select(name => new Weight(name, values.Constant(name)!));

    private ImmutableArray<ValueInfo> Outputs() => [.. graph.Outputs.Select(Output)];

    private ValueInfo Output(GraphValue output)
    {
        ElementType type = output.Type != ElementType.Unknown ? output.Type : values.Type(output.Name);
        if (type == ElementType.Unknown)
            throw new ModelException($"output '{output.Name}' states no element type");
        return new ValueInfo(
            output.Name,
            new TensorType(type, output.Shape ?? Symbols.Open(values.Extents(output.Name)))
        );
    }
}

/// <summary>The value of an ONNX Constant node, in whichever attribute it is.</summary>
internal static class ConstantNode
{
    public static Tensor Value(GraphNode node)
    {
        if (node.Attributes.Count != 1)
            throw new ModelException("a Constant has one value");
        var (name, value) = node.Attributes.First();
        return (name, value) switch
        {
            ("value", Tensor tensor) => tensor,
            ("value_float", float number) => Tensor.Scalar(number),
            ("value_int", long number) => Tensor.Scalar(number),
            ("value_floats", ImmutableArray<float> numbers) => Tensor.Vector([.. numbers]),
            ("value_ints", ImmutableArray<long> numbers) => Tensor.Vector([.. numbers]),
            _ => throw new ModelException(
                $"a constant given as '{name}' is not supported; supported are scalars and tensors"
            ),
        };
    }
}

/// <summary>Nodes, and outputs of nodes, that nothing would be missed without.</summary>
internal static class NoOperation
{
    private static readonly FrozenSet<string> OptionalOutputs = FrozenSet.Create(
        StringComparer.Ordinal,
        "BatchNormalization",
        "Dropout",
        "GRU",
        "LayerNormalization",
        "LSTM",
        "MaxPool",
        "RNN"
    );

    /// <summary>Whether a node hands its first input on unchanged.</summary>
    public static bool Passes(GraphNode node, Values values) =>
        node.Outputs.Length == 1
        && node.Input(0).Length > 0
        && node.Type switch
        {
            "Identity" => true,
            "Dropout" => node.Input(2).Length == 0 || IsFalse(values.Constant(node.Input(2))),
            "Cast" => values.Type(node.Input(0)) is not ElementType.Unknown and var type
                && node.Attributes.Int("to") == (long)type,
            _ => false,
        };

    private static bool IsFalse(Tensor? training) =>
        training is { Type: ElementType.Bool, Count: 1 } && !training.Span<bool>()[0];

    /// <summary>The node without the optional outputs that nobody reads.</summary>
    public static GraphNode WithoutUnread(GraphNode node, HashSet<string> read)
    {
        if (node.Domain.Length > 0 || !OptionalOutputs.Contains(node.Type))
            return node;
        var outputs = node.Outputs.Select((o, i) => i == 0 || read.Contains(o) ? o : "").ToList();
        while (outputs.Count > 1 && outputs[^1].Length == 0)
            outputs.RemoveAt(outputs.Count - 1);
        return node with { Outputs = [.. outputs] };
    }
}

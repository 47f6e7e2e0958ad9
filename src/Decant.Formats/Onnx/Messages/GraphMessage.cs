using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX GraphProto.</summary>
internal static class GraphMessage
{
    public const int Node = 1,
        Name = 2,
        Initializer = 5,
        Input = 11,
        Output = 12;
    private const int SparseInitializer = 15;

    public static OnnxGraph Read(WireReader reader, ExternalFiles files)
    {
        var graph = new OnnxGraph();
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Node:
                    graph.Nodes.Add(NodeMessage.Read(reader, files));
                    break;
                case Name:
                    graph.Name = reader.Text();
                    break;
                case Initializer:
                    graph.Initializers.Add(ReadInitializer(reader, files));
                    break;
                case Input:
                    graph.Inputs.Add(ValueMessage.Read(reader));
                    break;
                case Output:
                    graph.Outputs.Add(ValueMessage.Read(reader));
                    break;
                case SparseInitializer:
                    throw new ModelException(
                        "the model has a sparse initializer, which is not supported; store it dense"
                    );
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return graph;
    }

    private static (string, Tensor) ReadInitializer(WireReader reader, ExternalFiles files)
    {
        long start = reader.Position;
        var (name, values) = TensorMessage.Read(reader, files);
        return name.Length > 0 ? (name, values) : throw new FileFormatException("an initializer has no name", start);
    }
}

/// <summary>ONNX NodeProto.</summary>
internal static class NodeMessage
{
    public const int Input = 1,
        Output = 2,
        Name = 3,
        OpType = 4,
        Attribute = 5;
    private const int Domain = 7,
        Overload = 8;

    public static GraphNode Read(WireReader reader, ExternalFiles files)
    {
        var (inputs, outputs) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        string name = "",
            type = "",
            domain = "",
            overload = "";
        long start = reader.Position,
            outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Input:
                    inputs.Add(reader.Text());
                    break;
                case Output:
                    outputs.Add(reader.Text());
                    break;
                case Name:
                    name = reader.Text();
                    break;
                case OpType:
                    type = reader.Text();
                    break;
                case Domain:
                    domain = reader.Text();
                    break;
                case Overload:
                    overload = reader.Text();
                    break;
                case Attribute:
                    AddAttribute(reader, files, attributes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        if (type.Length == 0)
            throw new FileFormatException($"node '{name}' names no operator", start);
        if (name.Length == 0)
            name = outputs.FirstOrDefault(o => o.Length > 0) ?? "";
        return Checked(name, type, attributes) with
        {
            Domain = domain == "ai.onnx" ? "" : domain,
            Overload = overload,
            Inputs = Trimmed(inputs),
            Outputs = Trimmed(outputs),
        };
    }

    /// <summary>Reads an attribute and adds it to those that came before.</summary>
    public static void AddAttribute(WireReader reader, ExternalFiles files, Dictionary<string, object> attributes)
    {
        long start = reader.Position;
        var (name, value) = AttributeMessage.Read(reader, files);
        if (name.Length == 0)
            throw new FileFormatException("an attribute has no name", start);
        if (!attributes.TryAdd(name, value))
            throw new FileFormatException($"attribute '{name}' is given twice", start);
    }

    private static GraphNode Checked(string name, string type, Dictionary<string, object> attributes)
    {
        var node = new GraphNode(name, type, [], [], Attributes.None);
        foreach (var (attribute, value) in attributes)
            // An absent value is one of whatever type.
            if (value is UnsupportedAttribute unsupported && (type, attribute) is not ("Optional", "type"))
                throw node.Error($"attribute '{attribute}' is {unsupported.Kind}, which is not supported");
        return node with
        {
            Attributes = new Attributes(
                attributes.Where(a => a.Value is not (OnnxGraph or AttributeReference or UnsupportedAttribute))
            ),
            Graphs = attributes
                .Where(a => a.Value is OnnxGraph)
                .ToImmutableDictionary(a => a.Key, a => (OnnxGraph)a.Value, StringComparer.Ordinal),
            References = attributes
                .Where(a => a.Value is AttributeReference)
                .ToImmutableDictionary(a => a.Key, a => ((AttributeReference)a.Value).Name, StringComparer.Ordinal),
        };
    }

    /// <summary>The names without the empty ones at the end, which say nothing.</summary>
    private static ImmutableArray<string> Trimmed(ImmutableArray<string>.Builder names)
    {
        while (names.Count > 0 && names[^1].Length == 0)
            names.RemoveAt(names.Count - 1);
        return names.ToImmutable();
    }
}

using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX AttributeProto.</summary>
internal sealed class AttributeMessage
{
    public const int Name = 1,
        F = 2,
        I = 3,
        S = 4,
        T = 5,
        G = 6,
        Floats = 7,
        Ints = 8,
        Strings = 9,
        Type = 20;
    private const int Tensors = 10,
        Graphs = 11,
        Reference = 21,
        SparseTensor = 22,
        SparseTensors = 23,
        TypeValue = 14,
        TypeValues = 15;

    private readonly List<float> floats = [];
    private readonly List<long> ints = [];
    private readonly List<string> texts = [];
    private string name = "",
        text = "";
    private float number;
    private long integer;
    private Tensor? tensor;
    private OnnxGraph? graph;
    private string? unsupported,
        reference;
    private AttributeKind stated,
        found;

    private AttributeMessage() { }

    /// <summary>
    /// Reads an attribute; its value is as in <see cref="Attributes"/>, an <see cref="OnnxGraph"/>, an
    /// <see cref="AttributeReference"/>, or an <see cref="UnsupportedAttribute"/>.
    /// </summary>
    public static (string Name, object Value) Read(WireReader reader, ExternalFiles files)
    {
        var message = new AttributeMessage();
        long outer = reader.Enter();
        while (reader.Next())
            message.ReadField(reader, files);
        reader.Leave(outer);
        return (message.name, message.Value());
    }

    private void ReadField(WireReader reader, ExternalFiles files)
    {
        switch (reader.Field)
        {
            case Name:
                name = reader.Text();
                break;
            case Type:
                stated = (AttributeKind)reader.Int32();
                break;
            case F:
                (number, found) = (reader.Float(), AttributeKind.Float);
                break;
            case I:
                (integer, found) = (reader.Int64(), AttributeKind.Int);
                break;
            case S:
                (text, found) = (reader.Text(), AttributeKind.Text);
                break;
            case T:
                (tensor, found) = (TensorMessage.Read(reader, files).Values, AttributeKind.Tensor);
                break;
            case Floats:
                found = AttributeKind.Floats;
                reader.Floats(floats);
                break;
            case Ints:
                found = AttributeKind.Ints;
                reader.Int64s(ints);
                break;
            case Strings:
                found = AttributeKind.Texts;
                texts.Add(reader.Text());
                break;
            case G:
                (graph, found) = (GraphMessage.Read(reader, files), AttributeKind.Graph);
                break;
            case Graphs:
                Unsupported(reader, "a list of graphs");
                break;
            case SparseTensor or SparseTensors:
                Unsupported(reader, "a sparse tensor");
                break;
            case Tensors:
                Unsupported(reader, "a list of tensors");
                break;
            case Reference:
                reference = reader.Text();
                break;
            case TypeValue or TypeValues:
                Unsupported(reader, "a type");
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void Unsupported(WireReader reader, string kind)
    {
        unsupported = kind;
        reader.Skip();
    }

    // The kind stated decides, for writers leave out values that are zero or empty; the first files state no kind.
    private object Value() =>
        unsupported is not null ? new UnsupportedAttribute(unsupported)
        : reference is { Length: > 0 } ? new AttributeReference(reference)
        : Value(stated == AttributeKind.Undefined ? found : stated);

    private object Value(AttributeKind kind) =>
        kind switch
        {
            AttributeKind.Float => number,
            AttributeKind.Int => integer,
            AttributeKind.Text => text,
            AttributeKind.Tensor when tensor is not null => tensor,
            AttributeKind.Floats => floats.ToImmutableArray(),
            AttributeKind.Ints => ints.ToImmutableArray(),
            AttributeKind.Texts => texts.ToImmutableArray(),
            AttributeKind.Graph when graph is not null => graph,
            AttributeKind.Undefined => new UnsupportedAttribute("without a value"),
            _ => new UnsupportedAttribute($"of kind {(int)kind}"),
        };
}

/// <summary>ONNX AttributeProto.AttributeType, those that are supported.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Texts = 8,
}

/// <summary>
/// Stands for an attribute's value that cannot be represented, until the node that has it can be named.
/// </summary>
/// <param name="Kind">What it is, with its article.</param>
internal sealed record UnsupportedAttribute(string Kind);

/// <summary>Stands for the value of an attribute of the function around a node.</summary>
/// <param name="Name">That attribute's name.</param>
internal sealed record AttributeReference(string Name);

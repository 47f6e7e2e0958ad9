using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX FunctionProto.</summary>
internal static class FunctionMessage
{
    private const int Name = 1,
        Input = 4,
        Output = 5,
        AttributeName = 6,
        Node = 7,
        OpsetImport = 9,
        Domain = 10,
        AttributeDefault = 11,
        Overload = 13;

    public static OnnxFunction Read(WireReader reader, ExternalFiles files)
    {
        var graph = new OnnxGraph();
        string name = "",
            domain = "",
            overload = "";
        long? opset = null;
        var names = ImmutableArray.CreateBuilder<string>();
        var defaults = new Dictionary<string, object>(StringComparer.Ordinal);
        long start = reader.Position,
            outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Name:
                    name = reader.Text();
                    break;
                case Input:
                    graph.Inputs.Add(Value(reader.Text()));
                    break;
                case Output:
                    graph.Outputs.Add(Value(reader.Text()));
                    break;
                case AttributeName:
                    names.Add(reader.Text());
                    break;
                case AttributeDefault:
                    NodeMessage.AddAttribute(reader, files, defaults);
                    break;
                case Node:
                    graph.Nodes.Add(NodeMessage.Read(reader, files));
                    break;
                case OpsetImport when OpsetMessage.Read(reader) is ("" or "ai.onnx", var version):
                    opset = version;
                    break;
                case OpsetImport:
                    break;
                case Domain:
                    domain = reader.Text();
                    break;
                case Overload:
                    overload = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        if (name.Length == 0)
            throw new FileFormatException("a function has no name", start);
        graph.Name = name;
        return new OnnxFunction(
            new FunctionName(domain, name, overload),
            graph,
            defaults.ToImmutableDictionary(),
            opset
        );
    }

    private static GraphValue Value(string name) => new(name, ElementType.Unknown, null, []);
}

/// <summary>ONNX OperatorSetIdProto.</summary>
internal static class OpsetMessage
{
    public const int Domain = 1,
        Version = 2;

    public static (string Domain, long Version) Read(WireReader reader)
    {
        string domain = "";
        long version = 0;
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Domain:
                    domain = reader.Text();
                    break;
                case Version:
                    version = reader.Int64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return (domain, version);
    }
}

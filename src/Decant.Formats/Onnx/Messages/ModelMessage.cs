using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX ModelProto.</summary>
internal static class ModelMessage
{
    public const int IrVersion = 1,
        Producer = 2,
        ProducerVersion = 3,
        Graph = 7,
        OpsetImport = 8,
        MetadataProps = 14;

    private const int Functions = 25;

    public static OnnxModel Read(WireReader reader, ExternalFiles files)
    {
        var model = new OnnxModel();
        while (reader.Next())
            switch (reader.Field)
            {
                case Graph when model.Graph is not null:
                    throw new FileFormatException("the model has two graphs", reader.Position);
                case Graph:
                    model.Graph = GraphMessage.Read(reader, files);
                    break;
                case OpsetImport:
                    ReadOpset(reader, model);
                    break;
                case MetadataProps:
                    ReadMetadata(reader, model);
                    break;
                case Functions:
                    long start = reader.Position;
                    OnnxFunction function = FunctionMessage.Read(reader, files);
                    if (!model.Functions.TryAdd(function.Name, function))
                        throw new FileFormatException($"function '{function.Name}' is defined twice", start);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return model.Graph is null ? throw new FileFormatException("not an ONNX model: it has no graph") : model;
    }

    private static void ReadOpset(WireReader reader, OnnxModel model)
    {
        var (domain, version) = OpsetMessage.Read(reader);
        if (domain is "" or "ai.onnx")
            model.Opset = version;
    }

    private static void ReadMetadata(WireReader reader, OnnxModel model)
    {
        long start = reader.Position;
        var (key, value) = StringPair.Read(reader);
        if (!model.Metadata.TryAdd(key, value))
            throw new FileFormatException($"metadata '{key}' is given twice", start);
    }
}

/// <summary>ONNX StringStringEntryProto.</summary>
internal static class StringPair
{
    public const int Key = 1,
        Value = 2;

    public static (string Key, string Value) Read(WireReader reader)
    {
        string key = "",
            value = "";
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Key:
                    key = reader.Text();
                    break;
                case Value:
                    value = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        reader.Leave(outer);
        return (key, value);
    }
}

using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX GraphProto.</summary>
internal static class GraphMessage
{
    public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12;
    private const int SparseInitializer = 15;

    public static OnnxGraph Read(WireReader reader, string? folder)
    {
        var graph = new OnnxGraph();
        long outer = reader.Enter();
        while (reader.Next())
            switch (reader.Field)
            {
                case Node: graph.Nodes.Add(NodeMessage.Read(reader, folder)); break;
                case Name: graph.Name = reader.Text(); break;
                case Initializer: graph.Initializers.Add(ReadInitializer(reader, folder)); break;
                case Input: graph.Inputs.Add(ValueMessage.Read(reader)); break;
                case Output: graph.Outputs.Add(ValueMessage.Read(reader)); break;
                case SparseInitializer: throw new ModelException("the model has a sparse initializer, which is not supported; store it dense");
                default: reader.Skip(); break;
            }
        reader.Leave(outer);
        return graph;
    }

    private static (string, Tensor) ReadInitializer(WireReader reader, string? folder)
    {
        long start = reader.Position;
        var (name, values) = TensorMessage.Read(reader, folder);
        return name.Length > 0 ? (name, values) : throw new FileFormatException("an initializer has no name", start);
    }
}

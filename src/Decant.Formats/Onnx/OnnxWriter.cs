using Decant.Core;
using Decant.Formats.Onnx.Export;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx;

/// <summary>
/// Writes a network as an ONNX model of opset 21, or the later one that its operators need: equal networks give equal
/// bytes. Weights are decoded one at a time, so that memory stays near the size of the largest.
/// </summary>
public static class OnnxWriter
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="DecantException">The file cannot be written, or the model takes more than ONNX files can
    /// hold.</exception>
    public static void Save(Network network, string path) => AtomicFile.Write(path, stream => Write(network, stream));

    /// <summary>Writes a model to a stream.</summary>
    /// <exception cref="ModelException">The model takes 2 GiB or more, which ONNX files cannot hold.</exception>
    public static void Write(Network network, Stream stream)
    {
        WireWriter graph = Graph(network);
        WireWriter[] heads =
        [
            .. network.Weights.Select(w => TensorWriter.Head(w.Name, w.Encoding.Type, w.Encoding.Shape)),
        ];
        long length = graph.Written.Length;
        for (int i = 0; i < heads.Length; i++)
            length += WeightSize(network.Weights[i], heads[i]);
        int opset = network.Nodes.Select(n => n.Operator.Opset).Append(Operator.FirstOpset).Max();
        WireWriter tail = Tail(network, opset);
        if (length + tail.Written.Length + 64 > int.MaxValue)
            throw new ModelException($"the model takes {length} bytes as ONNX; such files hold less than 2 GiB");
        stream.Write(Head(opset).Prefix(ModelMessage.Graph, length).Written.Span);
        stream.Write(graph.Written.Span);
        for (int i = 0; i < heads.Length; i++)
            WriteWeight(network.Weights[i], heads[i], stream);
        stream.Write(tail.Written.Span);
    }

    private static WireWriter Head(int opset) =>
        new WireWriter().Int64(ModelMessage.IrVersion, IrVersion(opset)).Text(ModelMessage.Producer, "decant");

    /// <summary>The version of ONNX's file format that came with an opset.</summary>
    private static int IrVersion(int opset) => opset < 23 ? 10 : 11;

    private static WireWriter Graph(Network network)
    {
        var graph = new WireWriter();
        var writer = new BodyWriter(network);
        foreach (Node node in network.Nodes)
            graph.Message(GraphMessage.Node, writer.Node(node));
        graph.Text(GraphMessage.Name, network.Name);
        foreach (ValueInfo input in network.Inputs)
            graph.Message(GraphMessage.Input, GraphWriter.Value(input));
        foreach (ValueInfo output in network.Outputs)
            graph.Message(GraphMessage.Output, GraphWriter.Value(output));
        return graph;
    }

    private static WireWriter Tail(Network network, int opset)
    {
        WireWriter import = new WireWriter().Text(OpsetMessage.Domain, "").Int64(OpsetMessage.Version, opset);
        WireWriter tail = new WireWriter().Message(ModelMessage.OpsetImport, import);
        foreach (var (key, value) in network.Metadata)
            tail.Message(
                ModelMessage.MetadataProps,
                new WireWriter().Text(StringPair.Key, key).Text(StringPair.Value, value)
            );
        return tail;
    }

    private static long BodySize(Weight weight, WireWriter head) =>
        head.Written.Length + TensorMessage.RawBytes(weight.Encoding.Type, weight.Encoding.Shape.Count);

    private static long WeightSize(Weight weight, WireWriter head)
    {
        long body = BodySize(weight, head);
        return 1 + WireWriter.SizeOf((ulong)body) + body;
    }

    private static void WriteWeight(Weight weight, WireWriter head, Stream stream)
    {
        stream.Write(new WireWriter().Prefix(GraphMessage.Initializer, BodySize(weight, head)).Written.Span);
        stream.Write(head.Written.Span);
        RawElements.Write(weight.Encoding.Decode(), stream);
    }
}

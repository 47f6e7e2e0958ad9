using System.Globalization;
using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>
/// A ModelProto that is measured before it is written, with its weights within or, the large ones, in a data file
/// beside it. Weights are decoded one at a time, as they are written.
/// </summary>
internal sealed class ModelFile
{
    // What lies in a data file begins at a page, so that it can be mapped; smaller weights stay in the model.
    private const int Page = 4096;

    private readonly WireWriter head,
        graph,
        tail;
    private readonly long graphLength;
    private readonly StoredWeight[] weights;

    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dataFile">The name of the data file; null for none.</param>
    public ModelFile(Network network, string? dataFile)
    {
        int opset = network.Nodes.Select(n => n.Operator.Opset).Append(Operator.FirstOpset).Max();
        (graph, tail) = (Graph(network), Tail(network, opset));
        weights = [.. Stored(network, dataFile)];
        graphLength = graph.Written.Length + weights.Sum(w => w.Length);
        head = Head(opset).Prefix(ModelMessage.Graph, graphLength);
    }

    /// <summary>The model's bytes, without those of the data file.</summary>
    public long Length => head.Written.Length + graphLength + tail.Written.Length;

    /// <summary>Writes the model.</summary>
    public void Write(Stream stream)
    {
        stream.Write(head.Written.Span);
        stream.Write(graph.Written.Span);
        foreach (StoredWeight weight in weights)
            weight.Write(stream);
        stream.Write(tail.Written.Span);
    }

    /// <summary>Writes the data file.</summary>
    public void WriteData(Stream stream)
    {
        foreach (StoredWeight weight in weights)
            if (weight.Offset is { } offset)
            {
                stream.Write(new byte[offset - stream.Position]);
                RawElements.Write(weight.Weight.Encoding.Decode(), stream);
            }
    }

    private static IEnumerable<StoredWeight> Stored(Network network, string? dataFile)
    {
        long end = 0;
        foreach (Weight weight in network.Weights)
        {
            long bytes = TensorMessage.RawBytes(weight.Encoding.Type, weight.Encoding.Shape.Count);
            if (dataFile is null || bytes < Page)
            {
                WireWriter within = TensorWriter.Head(weight.Name, weight.Encoding.Type, weight.Encoding.Shape);
                yield return new StoredWeight(weight, within, bytes, null);
                continue;
            }
            long offset = (end + Page - 1) / Page * Page;
            yield return new StoredWeight(
                weight,
                TensorWriter.External(weight, new DataRange(dataFile, offset, bytes)),
                0,
                offset
            );
            end = offset + bytes;
        }
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

    /// <summary>A weight and where its elements lie.</summary>
    /// <param name="Weight">The weight.</param>
    /// <param name="Head">Its TensorProto, as far as the elements.</param>
    /// <param name="Within">Bytes of the elements that follow the head.</param>
    /// <param name="Offset">Where the elements begin in the data file; null if they follow the head.</param>
    private sealed record StoredWeight(Weight Weight, WireWriter Head, long Within, long? Offset)
    {
        private long Body => Head.Written.Length + Within;

        /// <summary>Bytes in the model.</summary>
        public long Length => 1 + WireWriter.SizeOf((ulong)Body) + Body;

        public void Write(Stream stream)
        {
            stream.Write(new WireWriter().Prefix(GraphMessage.Initializer, Body).Written.Span);
            stream.Write(Head.Written.Span);
            if (Offset is null)
                RawElements.Write(Weight.Encoding.Decode(), stream);
        }
    }
}

/// <summary>Bytes of a data file beside a model.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct DataRange(string File, long Offset, long Length)
{
    /// <summary>The entries of ONNX external_data.</summary>
    public IEnumerable<(string Key, string Value)> Entries =>
        [
            (ExternalLocation.LocationKey, File),
            (ExternalLocation.OffsetKey, Offset.ToString(CultureInfo.InvariantCulture)),
            (ExternalLocation.LengthKey, Length.ToString(CultureInfo.InvariantCulture)),
        ];
}

using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>Writes the small messages of ONNX GraphProto: nodes, inputs and outputs.</summary>
internal static class GraphWriter
{
    /// <summary>A NodeProto.</summary>
    public static WireWriter Node(Node node)
    {
        var to = new WireWriter();
        foreach (string input in node.Inputs) to.Text(NodeMessage.Input, input);
        foreach (string output in node.Outputs) to.Text(NodeMessage.Output, output);
        to.Text(NodeMessage.Name, node.Name).Text(NodeMessage.OpType, node.Operator.Type);
        foreach (var (name, value) in node.Operator.Attributes) to.Message(NodeMessage.Attribute, AttributeWriter.Write(name, value));
        return to;
    }

    /// <summary>A ValueInfoProto.</summary>
    public static WireWriter Value(ValueInfo value)
    {
        WireWriter tensor = new WireWriter().Int64(ValueMessage.ElementTypeField, (long)value.Type.Type);
        if (value.Type.Shape is { } shape) tensor.Message(ValueMessage.ShapeField, Extents(value.Name, shape.Dims));
        return new WireWriter().Text(ValueMessage.Name, value.Name)
            .Message(ValueMessage.Type, new WireWriter().Message(ValueMessage.TensorType, tensor));
    }

    private static WireWriter Extents(string name, ImmutableArray<int> dims)
    {
        var shape = new WireWriter();
        for (int i = 0; i < dims.Length; i++) shape.Message(ValueMessage.Dimension, Extent(name, i, dims[i]));
        return shape;
    }

    // Axis 0 is the batch, of one name everywhere; other open extents must not seem to be equal.
    private static WireWriter Extent(string name, int axis, int extent) => extent >= 0
        ? new WireWriter().Int64(ValueMessage.DimValue, extent)
        : new WireWriter().Text(ValueMessage.DimParam, axis == 0 ? "N" : $"{name}.{axis}");
}

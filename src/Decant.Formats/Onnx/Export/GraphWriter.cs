using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>Writes the small messages of ONNX GraphProto: heads of nodes, inputs and outputs.</summary>
internal static class GraphWriter
{
    /// <summary>A NodeProto without attributes.</summary>
    /// <param name="name">Its name, unique in the model.</param>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="outputs">What it makes.</param>
    public static WireWriter Node(string name, string type, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        var to = new WireWriter();
        foreach (string input in inputs)
            to.Text(NodeMessage.Input, input);
        foreach (string output in outputs)
            to.Text(NodeMessage.Output, output);
        return to.Text(NodeMessage.Name, name).Text(NodeMessage.OpType, type);
    }

    /// <summary>A ValueInfoProto.</summary>
    public static WireWriter Value(ValueInfo value)
    {
        if (value.Type.Type == ElementType.Unknown)
            return new WireWriter().Text(ValueMessage.Name, value.Name);
        WireWriter tensor = new WireWriter().Int64(ValueMessage.ElementTypeField, (long)value.Type.Type);
        if (value.Type.Shape is { } shape)
            tensor.Message(ValueMessage.ShapeField, Extents(value.Name, shape.Dims));
        return new WireWriter()
            .Text(ValueMessage.Name, value.Name)
            .Message(ValueMessage.Type, new WireWriter().Message(ValueMessage.TensorType, tensor));
    }

    private static WireWriter Extents(string name, ImmutableArray<int> dims)
    {
        var shape = new WireWriter();
        for (int i = 0; i < dims.Length; i++)
            shape.Message(ValueMessage.Dimension, Extent(name, i, dims[i]));
        return shape;
    }

    // Axis 0 is the batch, of one name everywhere; other open extents must not seem to be equal.
    private static WireWriter Extent(string name, int axis, int extent) =>
        extent >= 0
            ? new WireWriter().Int64(ValueMessage.DimValue, extent)
            : new WireWriter().Text(ValueMessage.DimParam, axis == 0 ? "N" : $"{name}.{axis}");
}

/// <summary>Writes ONNX AttributeProto.</summary>
internal static class AttributeWriter
{
    public static WireWriter Write(string name, object value)
    {
        WireWriter to = new WireWriter().Text(AttributeMessage.Name, name);
        AttributeKind kind = Write(to, value);
        return to.Int64(AttributeMessage.Type, (long)kind);
    }

    /// <summary>An attribute that is a GraphProto.</summary>
    public static WireWriter Graph(string name, WireWriter graph) =>
        new WireWriter()
            .Text(AttributeMessage.Name, name)
            .Message(AttributeMessage.G, graph)
            .Int64(AttributeMessage.Type, (long)AttributeKind.Graph);

    private static AttributeKind Write(WireWriter to, object value)
    {
        switch (value)
        {
            case float number:
                to.Float(AttributeMessage.F, number);
                return AttributeKind.Float;
            case long number:
                to.Int64(AttributeMessage.I, number);
                return AttributeKind.Int;
            case string text:
                to.Text(AttributeMessage.S, text);
                return AttributeKind.Text;
            case Tensor tensor:
                to.Message(AttributeMessage.T, TensorWriter.Whole(tensor));
                return AttributeKind.Tensor;
            case ImmutableArray<float> numbers:
                foreach (float number in numbers)
                    to.Float(AttributeMessage.Floats, number);
                return AttributeKind.Floats;
            case ImmutableArray<long> numbers:
                foreach (long number in numbers)
                    to.Int64(AttributeMessage.Ints, number);
                return AttributeKind.Ints;
            case ImmutableArray<string> texts:
                foreach (string text in texts)
                    to.Text(AttributeMessage.Strings, text);
                return AttributeKind.Texts;
            default:
                throw new ModelException($"an attribute of {value.GetType().Name} cannot be written");
        }
    }
}

/// <summary>Writes ONNX TensorProto, its numbers always as raw data.</summary>
internal static class TensorWriter
{
    /// <summary>What precedes the raw bytes: dims, type, name, and the raw field's tag and length.</summary>
    public static WireWriter Head(string name, ElementType type, Shape shape) =>
        Described(name, type, shape).Prefix(TensorFields.RawData, TensorMessage.RawBytes(type, shape.Count));

    /// <summary>A tensor whose raw bytes lie in a file beside the model.</summary>
    public static WireWriter External(Weight weight, DataRange range)
    {
        WireWriter tensor = Described(weight.Name, weight.Encoding.Type, weight.Encoding.Shape);
        foreach (var (key, value) in range.Entries)
            tensor.Message(
                TensorFields.ExternalData,
                new WireWriter().Text(StringPair.Key, key).Text(StringPair.Value, value)
            );
        return tensor.Int64(TensorFields.DataLocation, TensorFields.Elsewhere);
    }

    private static WireWriter Described(string name, ElementType type, Shape shape)
    {
        var tensor = new WireWriter();
        foreach (int d in shape.Dims)
            tensor.Int64(TensorFields.Dims, d);
        tensor.Int64(TensorFields.DataType, (long)type);
        return name.Length > 0 ? tensor.Text(TensorFields.Name, name) : tensor;
    }

    /// <summary>A whole tensor in memory, for small ones.</summary>
    public static WireWriter Whole(Tensor tensor) => Head("", tensor.Type, tensor.Shape).Raw(tensor);
}

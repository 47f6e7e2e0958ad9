using Decant.Core;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>Writes ONNX TensorProto, its numbers always as raw data.</summary>
internal static class TensorWriter
{
    /// <summary>What precedes the raw bytes: dims, type, name, and the raw field's tag and length.</summary>
    public static WireWriter Head(string name, ElementType type, Shape shape)
    {
        var head = new WireWriter();
        foreach (int d in shape.Dims) head.Int64(TensorFields.Dims, d);
        head.Int64(TensorFields.DataType, (long)type);
        if (name.Length > 0) head.Text(TensorFields.Name, name);
        return head.Prefix(TensorFields.RawData, TensorMessage.RawBytes(type, shape.Count));
    }

    /// <summary>A whole tensor in memory, for small ones.</summary>
    public static WireWriter Whole(Tensor tensor) => Head("", tensor.Type, tensor.Shape).Raw(tensor);
}

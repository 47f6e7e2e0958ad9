using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX TensorProto: numbers as raw bytes, as typed fields, or in a file beside the model.</summary>
internal static class TensorMessage
{
    /// <summary>Reads the tensor that the field holds.</summary>
    public static (string Name, Tensor Values) Read(WireReader reader, string? folder)
    {
        long outer = reader.Enter();
        var result = ReadBody(reader, folder);
        reader.Leave(outer);
        return result;
    }

    /// <summary>Reads the tensor whose message was entered, or fills the whole stream.</summary>
    public static (string Name, Tensor Values) ReadBody(WireReader reader, string? folder)
    {
        long start = reader.Position, end = reader.End;
        TensorFields fields = TensorFields.Read(reader);
        ElementType type = Supported(fields.Type, fields.TensorName);
        Shape shape = fields.Shape();
        Tensor tensor;
        if (fields.External is { } external) tensor = external.Read(folder, fields, type, shape);
        else if (fields.Raw is { } raw) tensor = ReadRaw(reader, raw, fields, type, shape);
        else
        {
            tensor = Allocate(fields, type, shape, TypedPayload.Capacity(fields, type));
            reader.Reenter(start, end);
            TypedPayload.Read(reader, fields, tensor);
        }
        reader.Reenter(end, end);
        return (fields.TensorName, tensor);
    }

    /// <summary>The element type of a number from a file.</summary>
    /// <exception cref="ModelException">It is not supported.</exception>
    public static ElementType Supported(int type, string name) => type is > 0 and < 256 && Enum.IsDefined((ElementType)type)
        ? (ElementType)type
        : throw new ModelException($"'{name}' has element type {type}, which is not supported; supported are float, double, half, bool and integers");

    /// <summary>Bytes that a tensor takes as raw data.</summary>
    public static long RawBytes(ElementType type, long count) => RawElements.IsPacked(type) ? (count + 1) / 2 : checked(count * type.Size());

    /// <summary>A tensor to fill, if the data there, which can hold so many elements, is enough for it.</summary>
    public static Tensor Allocate(TensorFields fields, ElementType type, Shape shape, long capacity)
    {
        long count = shape.Count;
        if (count > capacity) throw new ModelException($"{fields.Title} has {count} elements by its shape {shape}, but data for at most {capacity}");
        return count <= int.MaxValue / type.Size()
            ? Tensor.Zeros(type, shape)
            : throw new ModelException($"{fields.Title} of shape {shape} takes more than 2 GiB, the most that one tensor may");
    }

    private static Tensor ReadRaw(WireReader reader, (long Start, long Length) raw, TensorFields fields, ElementType type, Shape shape)
    {
        Tensor tensor = Allocate(fields, type, shape, RawElements.IsPacked(type) ? raw.Length * 2 : raw.Length / type.Size());
        if (RawBytes(type, tensor.Count) != raw.Length)
            throw new ModelException($"{fields.Title} of shape {shape} needs {RawBytes(type, tensor.Count)} bytes of raw data and has {raw.Length}");
        reader.Reenter(raw.Start, raw.Start + raw.Length);
        RawElements.Read(tensor, reader.Bytes);
        return tensor;
    }
}

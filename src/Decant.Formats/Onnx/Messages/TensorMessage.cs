using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>ONNX TensorProto: numbers as raw bytes, as typed fields, or in a file beside the model.</summary>
internal static class TensorMessage
{
    /// <summary>TensorProto.BFLOAT16: the upper half of a float, read as the float.</summary>
    public const int BFloat16 = 16;

    /// <summary>Reads the tensor that the field holds.</summary>
    public static (string Name, Tensor Values) Read(WireReader reader, ExternalFiles files)
    {
        long outer = reader.Enter();
        var result = ReadBody(reader, files);
        reader.Leave(outer);
        return result;
    }

    /// <summary>The name of the tensor that the field holds; its elements are not read.</summary>
    public static string ReadName(WireReader reader)
    {
        long outer = reader.Enter();
        string name = TensorFields.Read(reader).TensorName;
        reader.Leave(outer);
        return name;
    }

    /// <summary>Reads the tensor whose message was entered, or fills the whole stream.</summary>
    public static (string Name, Tensor Values) ReadBody(WireReader reader, ExternalFiles files)
    {
        long start = reader.Position,
            end = reader.End;
        TensorFields fields = TensorFields.Read(reader);
        ElementType type = fields.Type == BFloat16 ? ElementType.UInt16 : Supported(fields.Type, fields.TensorName);
        Shape shape = fields.Shape();
        Tensor tensor;
        if (fields.External is { } external)
            tensor = files.Read(external, fields, type, shape);
        else if (fields.Raw is { } raw)
            tensor = ReadRaw(reader, raw, fields, type, shape);
        else
        {
            tensor = Allocate(fields, type, shape, TypedPayload.Capacity(fields, type));
            reader.Reenter(start, end);
            TypedPayload.Read(reader, fields, tensor);
        }
        reader.Reenter(end, end);
        return (fields.TensorName, fields.Type == BFloat16 ? Widened(tensor) : tensor);
    }

    private static Tensor Widened(Tensor upper) =>
        Tensor.Of(
            upper.Shape,
            Array.ConvertAll(upper.Array<ushort>(), u => BitConverter.UInt32BitsToSingle((uint)u << 16))
        );

    /// <summary>The element type of a number from a file.</summary>
    /// <exception cref="ModelException">It is not supported.</exception>
    public static ElementType Supported(int type, string name) =>
        type is > 0 and < 256 && Enum.IsDefined((ElementType)type)
            ? (ElementType)type
            : throw new ModelException(
                $"'{name}' has element type {type}, which is not supported; supported are float, double, "
                    + "half, bool and integers"
            );

    /// <summary>Bytes that a tensor takes as raw data.</summary>
    public static long RawBytes(ElementType type, long count) =>
        RawElements.IsPacked(type) ? (count + 1) / 2 : checked(count * type.Size());

    /// <summary>A tensor to fill, if the data there, which can hold so many elements, is enough for it.</summary>
    public static Tensor Allocate(TensorFields fields, ElementType type, Shape shape, long capacity)
    {
        CheckCapacity(fields, type, shape, capacity);
        return Tensor.Zeros(type, shape);
    }

    /// <summary>Checks that data for so many elements is enough for a shape, and that one tensor can hold it.</summary>
    public static void CheckCapacity(TensorFields fields, ElementType type, Shape shape, long capacity)
    {
        long count = shape.Count;
        if (count > capacity)
            throw new ModelException(
                $"{fields.Title} has {count} elements by its shape {shape}, but data for at most {capacity}"
            );
        if (count > int.MaxValue / type.Size())
            throw new ModelException(
                $"{fields.Title} of shape {shape} takes more than 2 GiB, the most that one tensor may"
            );
    }

    private static Tensor ReadRaw(
        WireReader reader,
        (long Start, long Length) raw,
        TensorFields fields,
        ElementType type,
        Shape shape
    )
    {
        Tensor tensor = Allocate(
            fields,
            type,
            shape,
            RawElements.IsPacked(type) ? raw.Length * 2 : raw.Length / type.Size()
        );
        if (RawBytes(type, tensor.Count) != raw.Length)
            throw new ModelException(
                $"{fields.Title} of shape {shape} needs {RawBytes(type, tensor.Count)} bytes of raw data "
                    + $"and has {raw.Length}"
            );
        reader.Reenter(raw.Start, raw.Start + raw.Length);
        RawElements.Read(tensor, reader.Bytes);
        return tensor;
    }
}

/// <summary>
/// What ONNX TensorProto says of a tensor, without its numbers: those stay in the file until their amount is checked.
/// </summary>
internal sealed class TensorFields
{
    public const int Dims = 1,
        DataType = 2,
        FloatData = 4,
        Int32Data = 5,
        Int64Data = 7,
        Name = 8,
        RawData = 9,
        DoubleData = 10,
        UInt64Data = 11,
        ExternalData = 13,
        DataLocation = 14;

    /// <summary>DataLocation.EXTERNAL.</summary>
    public const int Elsewhere = 1;

    private const int Segment = 3,
        StringData = 6,
        MaxRank = 64;

    private readonly List<long> dims = [];

    public string TensorName { get; private set; } = "";

    public int Type { get; private set; }

    /// <summary>Where the raw bytes lie, and how many; null if there are none.</summary>
    public (long Start, long Length)? Raw { get; private set; }

    /// <summary>The field that holds typed numbers; 0 if there is none.</summary>
    public int TypedField { get; private set; }

    /// <summary>Bytes of the typed numbers, tags not counted.</summary>
    public long TypedBytes { get; private set; }

    /// <summary>Where numbers in another file lie; null if they are in this one.</summary>
    public ExternalLocation? External { get; private set; }

    /// <summary>How messages call it.</summary>
    public string Title => TensorName.Length > 0 ? $"tensor '{TensorName}'" : "a tensor";

    /// <summary>Reads the fields of the message entered.</summary>
    public static TensorFields Read(WireReader reader)
    {
        var fields = new TensorFields();
        var external = new ExternalLocation();
        bool elsewhere = false;
        while (reader.Next())
            switch (reader.Field)
            {
                case DataLocation:
                    elsewhere = reader.Int64() == Elsewhere;
                    break;
                case ExternalData:
                    external.Add(StringPair.Read(reader));
                    break;
                default:
                    fields.ReadField(reader);
                    break;
            }
        if (elsewhere)
            fields.External = external;
        return fields;
    }

    /// <summary>The shape that the dims give.</summary>
    public Shape Shape()
    {
        foreach (long d in dims)
            if (d is < 0 or > int.MaxValue)
                throw new ModelException($"{Title} has an extent of {d}; possible are 0 to {int.MaxValue}");
        return new Shape([.. dims.Select(d => (int)d)]);
    }

    private void ReadField(WireReader reader)
    {
        switch (reader.Field)
        {
            case Dims:
                AddDims(reader);
                break;
            case DataType:
                Type = reader.Int32();
                break;
            case Name:
                TensorName = reader.Text();
                break;
            case RawData:
                AddRaw(reader);
                break;
            case FloatData or Int32Data or Int64Data or DoubleData or UInt64Data:
                AddTyped(reader);
                break;
            case StringData:
                throw new ModelException($"{Title} holds strings; only numeric types are supported");
            case Segment:
                throw new ModelException($"{Title} is stored in segments, which is not supported");
            default:
                reader.Skip();
                break;
        }
    }

    private void AddDims(WireReader reader)
    {
        reader.Int64s(dims);
        if (dims.Count > MaxRank)
            throw new ModelException($"{Title} has more than {MaxRank} dimensions");
    }

    private void AddRaw(WireReader reader)
    {
        if (Raw is not null)
            throw new FileFormatException($"{Title} has raw data twice", reader.Position);
        long length = reader.Length();
        Raw = (reader.Position, length);
        reader.Seek(reader.Position + length);
    }

    private void AddTyped(WireReader reader)
    {
        if (TypedField != 0 && TypedField != reader.Field)
            throw new FileFormatException(
                $"{Title} has values in fields {TypedField} and {reader.Field}",
                reader.Position
            );
        TypedField = reader.Field;
        long start = reader.Position;
        reader.Skip();
        TypedBytes += reader.Position - start;
    }
}

using System.Runtime.InteropServices;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>Numbers of a TensorProto in its typed fields, packed or single, each integer in the 32 or 64 bits of its field.</summary>
internal ref struct TypedPayload
{
    private readonly WireReader reader;
    private readonly TensorFields fields;
    private readonly ElementType type;
    private readonly Span<byte> elements;
    private int filled;

    private TypedPayload(WireReader reader, TensorFields fields, Tensor tensor)
    {
        (this.reader, this.fields, type) = (reader, fields, tensor.Type);
        elements = tensor.Bytes();
    }

    /// <summary>The most elements that the typed fields can hold.</summary>
    public static long Capacity(TensorFields fields, ElementType type) => fields.TypedField switch
    {
        0 => 0,
        TensorFields.FloatData => fields.TypedBytes / 4,
        TensorFields.DoubleData => fields.TypedBytes / 8,
        _ => RawElements.IsPacked(type) ? fields.TypedBytes * 2 : fields.TypedBytes,
    };

    /// <summary>Fills a tensor from the fields of the message, which is read again.</summary>
    public static void Read(WireReader reader, TensorFields fields, Tensor tensor)
    {
        if (fields.TypedField != 0 && fields.TypedField != FieldOf(tensor.Type))
            throw new ModelException(
                $"{fields.Title} of {tensor.Type} has its numbers in field {fields.TypedField}; they belong in {FieldOf(tensor.Type)}");
        var payload = new TypedPayload(reader, fields, tensor);
        while (reader.Next())
            if (reader.Field == fields.TypedField) payload.ReadField();
            else reader.Skip();
        if (payload.filled != payload.elements.Length)
            throw new ModelException(
                $"{fields.Title} of shape {tensor.Shape} has {payload.filled / tensor.Type.Size()} of its {tensor.Count} elements");
    }

    private static int FieldOf(ElementType type) => type switch
    {
        ElementType.Float32 => TensorFields.FloatData,
        ElementType.Float64 => TensorFields.DoubleData,
        ElementType.Int64 => TensorFields.Int64Data,
        ElementType.UInt32 or ElementType.UInt64 => TensorFields.UInt64Data,
        _ => TensorFields.Int32Data,
    };

    private void ReadField()
    {
        if (type is ElementType.Float32 or ElementType.Float64) ReadFloats();
        else if (reader.Type == WireType.Varint) Add((long)reader.Varint());
        else
            for (long outer = reader.Enter(); !reader.Done(outer);) Add((long)reader.Varint());
    }

    private void ReadFloats()
    {
        WireType single = type == ElementType.Float32 ? WireType.Fixed32 : WireType.Fixed64;
        long length = reader.Type == single ? type.Size() : reader.Length();
        if (length > elements.Length - filled || length % type.Size() != 0) throw TooMany();
        Span<byte> into = elements.Slice(filled, (int)length);
        reader.Bytes(into);
        if (!BitConverter.IsLittleEndian) ByteOrder.Reverse(into, type.Size());
        filled += into.Length;
    }

    private void Add(long value)
    {
        if (RawElements.IsPacked(type))
        {
            AddNibbles(value);
            return;
        }
        int size = type.Size();
        if (filled + size > elements.Length) throw TooMany();
        Span<byte> into = elements.Slice(filled, size);
        filled += size;
        switch (size)
        {
            case 1: into[0] = (byte)Fits(value, type == ElementType.Int8 ? (sbyte)value : (byte)value); break;
            case 2: MemoryMarshal.Write(into, (short)Fits(value, type == ElementType.Int16 ? (short)value : (ushort)value)); break;
            case 4: MemoryMarshal.Write(into, (int)Fits(value, type == ElementType.Int32 ? (int)value : (uint)value)); break;
            default: MemoryMarshal.Write(into, value); break;
        }
        if (type == ElementType.Bool && into[0] > 1) throw new ModelException($"{fields.Title} of Bool holds {value}");
    }

    private void AddNibbles(long value)
    {
        int count = Math.Min(2, elements.Length - filled);
        if (count == 0) throw TooMany();
        for (int i = 0; i < count; i++) elements[filled++] = RawElements.Nibble(type, (int)(value >> (4 * i)));
    }

    private readonly long Fits(long value, long kept) =>
        value == kept ? value : throw new ModelException($"{fields.Title} of {type} holds {value}, which does not fit");

    private readonly ModelException TooMany() => new($"{fields.Title} has more numbers than its shape takes");
}

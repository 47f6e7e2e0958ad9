using System.Runtime.InteropServices;
using Decant.Core;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Messages;

/// <summary>
/// Numbers of a TensorProto in its typed fields, packed or single, each integer in the 32 or 64 bits of its field.
/// </summary>
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
    public static long Capacity(TensorFields fields, ElementType type) =>
        fields.TypedField switch
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
                $"{fields.Title} of {tensor.Type} has its values in field {fields.TypedField}; they "
                    + $"belong in {FieldOf(tensor.Type)}"
            );
        var payload = new TypedPayload(reader, fields, tensor);
        while (reader.Next())
            if (reader.Field == fields.TypedField)
                payload.ReadField();
            else
                reader.Skip();
        if (payload.filled != payload.elements.Length)
            throw new ModelException(
                $"{fields.Title} of shape {tensor.Shape} has {payload.filled / tensor.Type.Size()} of its "
                    + $"{tensor.Count} elements"
            );
    }

    private static int FieldOf(ElementType type) =>
        type switch
        {
            ElementType.Float32 => TensorFields.FloatData,
            ElementType.Float64 => TensorFields.DoubleData,
            ElementType.Int64 => TensorFields.Int64Data,
            ElementType.UInt32 or ElementType.UInt64 => TensorFields.UInt64Data,
            _ => TensorFields.Int32Data,
        };

    private void ReadField()
    {
        if (type is ElementType.Float32 or ElementType.Float64)
            ReadFloats();
        else if (reader.Type == WireType.Varint)
            Add((long)reader.Varint());
        else
            for (long outer = reader.Enter(); !reader.Done(outer); )
                Add((long)reader.Varint());
    }

    private void ReadFloats()
    {
        WireType single = type == ElementType.Float32 ? WireType.Fixed32 : WireType.Fixed64;
        long length = reader.Type == single ? type.Size() : reader.Length();
        if (length > elements.Length - filled || length % type.Size() != 0)
            throw TooMany();
        Span<byte> into = elements.Slice(filled, (int)length);
        reader.Bytes(into);
        if (!BitConverter.IsLittleEndian)
            ByteOrder.Reverse(into, type.Size());
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
        if (filled + size > elements.Length)
            throw TooMany();
        Span<byte> into = elements.Slice(filled, size);
        filled += size;
        switch (size)
        {
            case 1:
                into[0] = (byte)Fits(value, type == ElementType.Int8 ? (sbyte)value : (byte)value);
                break;
            case 2:
                MemoryMarshal.Write(into, (short)Fits(value, type == ElementType.Int16 ? (short)value : (ushort)value));
                break;
            case 4:
                MemoryMarshal.Write(into, (int)Fits(value, type == ElementType.Int32 ? (int)value : (uint)value));
                break;
            default:
                MemoryMarshal.Write(into, value);
                break;
        }
        if (type == ElementType.Bool && into[0] > 1)
            throw new ModelException($"{fields.Title} of Bool holds {value}");
    }

    private void AddNibbles(long value)
    {
        int count = Math.Min(2, elements.Length - filled);
        if (count == 0)
            throw TooMany();
        for (int i = 0; i < count; i++)
            elements[filled++] = RawElements.Nibble(type, (int)(value >> (4 * i)));
    }

    private readonly long Fits(long value, long kept) =>
        value == kept ? value : throw new ModelException($"{fields.Title} of {type} holds {value}, which does not fit");

    private readonly ModelException TooMany() => new($"{fields.Title} has more values than its shape");
}

/// <summary>
/// A tensor's elements as the bytes that files hold: little-endian, 4-bit types two to a byte, the first in the low
/// half.
/// </summary>
internal static class RawElements
{
    /// <summary>Fills a span from a source of bytes.</summary>
    public delegate void Source(Span<byte> into);

    /// <summary>Whether two elements share a byte.</summary>
    public static bool IsPacked(ElementType type) => type is ElementType.Int4 or ElementType.UInt4;

    /// <summary>Fills a tensor.</summary>
    public static void Read(Tensor tensor, Source source)
    {
        if (IsPacked(tensor.Type))
            ReadPacked(tensor, source);
        else
        {
            source(tensor.Bytes());
            if (!BitConverter.IsLittleEndian)
                ByteOrder.Reverse(tensor.Bytes(), tensor.Type.Size());
            if (tensor.Type == ElementType.Bool)
                ByteOrder.NormalizeBools(tensor.Bytes());
        }
    }

    /// <summary>Writes a tensor's elements.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        if (IsPacked(tensor.Type))
            WritePacked(tensor.Bytes(), stream);
        else if (BitConverter.IsLittleEndian)
            stream.Write(tensor.Bytes());
        else
        {
            byte[] bytes = tensor.Bytes().ToArray();
            ByteOrder.Reverse(bytes, tensor.Type.Size());
            stream.Write(bytes);
        }
    }

    private static void WritePacked(ReadOnlySpan<byte> elements, Stream stream)
    {
        var packed = new byte[Math.Min(4096, (elements.Length + 1) / 2)];
        for (int done = 0; done < elements.Length; done += packed.Length * 2)
        {
            ReadOnlySpan<byte> part = elements.Slice(done, Math.Min(packed.Length * 2, elements.Length - done));
            Array.Clear(packed);
            for (int i = 0; i < part.Length; i++)
                packed[i / 2] |= (byte)((part[i] & 0xF) << (i % 2 * 4));
            stream.Write(packed, 0, (part.Length + 1) / 2);
        }
    }

    private static void ReadPacked(Tensor tensor, Source source)
    {
        Span<byte> elements = tensor.Bytes();
        var packed = new byte[Math.Min(4096, (elements.Length + 1) / 2)];
        for (int done = 0; done < elements.Length; done += packed.Length * 2)
        {
            int count = Math.Min(packed.Length * 2, elements.Length - done);
            Span<byte> part = packed.AsSpan(0, (count + 1) / 2);
            source(part);
            for (int i = 0; i < count; i++)
                elements[done + i] = Nibble(tensor.Type, part[i / 2] >> (i % 2 * 4));
        }
    }

    /// <summary>A 4-bit element, sign-extended if signed, from the low bits.</summary>
    public static byte Nibble(ElementType type, int bits) =>
        type == ElementType.UInt4 ? (byte)(bits & 0xF) : (byte)((bits & 0xF ^ 8) - 8);
}

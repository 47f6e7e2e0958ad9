using System.Buffers;
using System.Buffers.Binary;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Wire;

/// <summary>Writes the protobuf wire format into memory, for messages that are small.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => bytes.WrittenMemory;

    /// <summary>Bytes that an integer takes.</summary>
    public static int SizeOf(ulong value) => (System.Numerics.BitOperations.Log2(value | 1) + 7) / 7;

    /// <summary>The tag and length before a field of bytes that are written elsewhere.</summary>
    public WireWriter Prefix(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
        return this;
    }

    /// <summary>An integer.</summary>
    public WireWriter Int64(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A 32-bit float.</summary>
    public WireWriter Float(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
        return this;
    }

    /// <summary>A text.</summary>
    public WireWriter Text(int field, string value)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(value);
        Prefix(field, length);
        bytes.Advance(System.Text.Encoding.UTF8.GetBytes(value, bytes.GetSpan(Math.Max(1, length))));
        return this;
    }

    /// <summary>A message.</summary>
    public WireWriter Message(int field, WireWriter message)
    {
        Prefix(field, message.bytes.WrittenCount);
        bytes.Write(message.bytes.WrittenSpan);
        return this;
    }

    /// <summary>A tensor's elements, after a prefix that states their length.</summary>
    public WireWriter Raw(Tensor tensor)
    {
        using var stream = new MemoryStream();
        RawElements.Write(tensor, stream);
        bytes.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        return this;
    }

    private void Tag(int field, WireType type) => Varint((ulong)field << 3 | (ulong)type);

    private void Varint(ulong value)
    {
        Span<byte> span = bytes.GetSpan(10);
        int n = 0;
        for (; value >= 0x80; value >>= 7)
            span[n++] = (byte)(value | 0x80);
        span[n++] = (byte)value;
        bytes.Advance(n);
    }
}

/// <summary>How a protobuf field's value is laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

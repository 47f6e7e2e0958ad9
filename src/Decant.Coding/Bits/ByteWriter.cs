using System.Buffers.Binary;

namespace Decant.Coding;

/// <summary>Bytes that grow as they are written; numbers are little-endian or varints (LEB128).</summary>
internal sealed class ByteWriter(int capacity = 64)
{
    private byte[] buffer = new byte[capacity];

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    /// <summary>Seven bits a byte, low ones first; the top bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>Drops what is past a length.</summary>
    public void Truncate(int length) => Length = length;

    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Room(int count)
    {
        if (buffer.Length - Length < count)
            Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, Math.Max(2L * buffer.Length, (long)Length + count)));
        Length += count;
        return buffer.AsSpan(Length - count, count);
    }
}

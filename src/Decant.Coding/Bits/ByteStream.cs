using System.Buffers.Binary;
using Decant.Core;

namespace Decant.Coding;

/// <summary>Reads what <see cref="ByteWriter"/> writes, and checks each length against what remains.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="what">What they are, for messages.</param>
/// <param name="origin">The offset of the first in the file, for messages.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string what, long origin = 0)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes are read.</summary>
    public int Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A varint of at most 64 bits in its shortest form.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            if (shift == 63 && b > 1 || shift > 0 && b == 0)
                break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw Damaged("a number is not in its shortest form");
    }

    /// <summary>A varint that must not exceed a limit.</summary>
    public int Varint(int limit, string name) =>
        Varint() is var v && v <= (ulong)limit ? (int)v : throw Damaged($"{name} of {v}; at most {limit} fits here");

    /// <summary>The error that these bytes are wrong, at this place.</summary>
    public readonly FileFormatException Damaged(string why) => new($"{what}: {why}", origin + Position);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
            throw Damaged($"{count} bytes are needed, {Left} remain");
        Position += count;
        return bytes.Slice(Position - count, count);
    }
}

/// <summary>Bytes that grow as they are written; numbers are little-endian or varints (LEB128).</summary>
/// <param name="capacity">Room at the start.</param>
/// <param name="spill">Takes over what does not fit a block of memory, all but zeros at the end; null to hold
/// everything.</param>
internal sealed class ByteWriter(int capacity = 64, Spill? spill = null)
{
    private const int Block = 1 << 20;

    private byte[] buffer = new byte[capacity];
    private int used;

    /// <summary>How many bytes are written.</summary>
    public int Length => used + (spill?.Length ?? 0);

    /// <summary>What is written so far and not spilled; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, used);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    /// <summary>Seven bits a byte, low ones first; the top bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>Drops the zeros at the end, but nothing before <paramref name="start"/>.</summary>
    public void TrimZeros(int start)
    {
        while (Length > start && used > 0 && buffer[used - 1] == 0)
            used--;
    }

    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - used < count)
            Grow(count);
        used += count;
        return buffer.AsSpan(used - count, count);
    }

    private void Grow(int count)
    {
        if (spill is not null && used >= Block)
            SpillSettled(spill);
        if (buffer.Length - used < count)
            Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, Math.Max(2L * buffer.Length, (long)used + count)));
    }

    private void SpillSettled(Spill to)
    {
        int zeros = used - 1 - Written.LastIndexOfAnyExcept((byte)0);
        to.Append(Written[..(used - zeros)]);
        buffer.AsSpan(0, zeros).Clear();
        used = zeros;
    }
}

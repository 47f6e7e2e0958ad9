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
            if (shift == 63 && b > 1 || shift > 0 && b == 0) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
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
        if (count < 0 || count > Left) throw Damaged($"{count} bytes are needed, {Left} are left");
        Position += count;
        return bytes.Slice(Position - count, count);
    }
}

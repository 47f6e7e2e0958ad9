using System.Buffers.Binary;

namespace Decant.Coding;

/// <summary>Reads what <see cref="BitWriter"/> writes. Past the end it reads zeros, and counts them as read.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bits are read.</summary>
    public long Position { get; private set; }

    /// <summary>Whether more bits were read than there are.</summary>
    public readonly bool IsPastEnd => Position > bytes.Length * 8L;

    /// <summary>The next bits without reading them; zeros past the end.</summary>
    /// <param name="bits">How many, 0 to 32.</param>
    public readonly uint Peek(int bits) => bits == 0 ? 0 : (uint)(Window() >> (64 - bits));

    /// <summary>The next bits, the first at the top; at least 57 of them count. Zeros past the end.</summary>
    public readonly ulong Window()
    {
        long at = Position >> 3;
        ulong window = at + 8 <= bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(bytes[(int)at..]) : Tail(at);
        return window << (int)(Position & 7);
    }

    /// <summary>Goes forward.</summary>
    public void Skip(int bits) => Position += bits;

    /// <summary>Reads bits, 0 to 32.</summary>
    public uint Read(int bits)
    {
        uint value = Peek(bits);
        Position += bits;
        return value;
    }

    private readonly ulong Tail(long at)
    {
        ulong window = 0;
        for (int i = 0; i < 8; i++)
            window = window << 8 | (at + i < bytes.Length ? bytes[(int)(at + i)] : 0u);
        return window;
    }
}

/// <summary>Writes bits, the most significant first, into a <see cref="ByteWriter"/>.</summary>
internal sealed class BitWriter(ByteWriter bytes)
{
    private ulong pending;
    private int count;

    /// <summary>Writes the low bits of a number.</summary>
    /// <param name="value">The number; higher bits must be 0.</param>
    /// <param name="bits">How many bits, 0 to 32.</param>
    public void Write(uint value, int bits)
    {
        pending = pending << bits | value;
        for (count += bits; count >= 8; count -= 8)
            bytes.Byte((byte)(pending >> (count - 8)));
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Flush()
    {
        if (count > 0)
            Write(0, 8 - count);
    }
}

namespace Decant.Coding;

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
        for (count += bits; count >= 8; count -= 8) bytes.Byte((byte)(pending >> (count - 8)));
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Flush()
    {
        if (count > 0) Write(0, 8 - count);
    }
}

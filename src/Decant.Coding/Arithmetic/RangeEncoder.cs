namespace Decant.Coding;

/// <summary>A binary arithmetic encoder: an interval of 64 bits, narrowed by each decision, whose settled bytes are written.</summary>
internal struct RangeEncoder(ByteWriter bytes) : IBinaryCoder
{
    private readonly ByteWriter bytes = bytes;
    private readonly int start = bytes.Length;
    private ulong low, high = ulong.MaxValue;

    /// <inheritdoc/>
    public readonly int Length => bytes.Length - start;

    /// <inheritdoc/>
    public int Code(int bit, int p1)
    {
        ulong middle = low + ((high - low) >> 16) * (uint)p1;
        if (bit != 0) high = middle;
        else low = middle + 1;
        Settle();
        return bit;
    }

    /// <inheritdoc/>
    public uint CodeRaw(uint value, int bits)
    {
        ulong step = (high - low) >> bits;
        if (step == 0) return BitByBit(value, bits);
        low += step * value;
        high = low + step - 1;
        Settle();
        return value;
    }

    /// <summary>Writes the shortest end that still lies in the interval when zeros follow, and drops zeros at the end.</summary>
    public readonly void Flush()
    {
        for (int n = 0; n <= 8; n++)
        {
            ulong mask = n == 8 ? 0 : ulong.MaxValue >> (8 * n), end = unchecked(low + mask) & ~mask;
            if (end < low || end > high) continue;
            for (int i = 0; i < n; i++) bytes.Byte((byte)(end >> (56 - 8 * i)));
            break;
        }
        bytes.TrimZeros(start);
    }

    /// <summary>For the rare interval too narrow to be cut into 2^bits at once.</summary>
    private uint BitByBit(uint value, int bits)
    {
        for (int i = bits - 1; i >= 0; i--) Code((int)(value >> i & 1), 32768);
        return value;
    }

    private void Settle()
    {
        for (; (low ^ high) >> 56 == 0; low <<= 8, high = high << 8 | 0xFF) bytes.Byte((byte)(low >> 56));
    }
}

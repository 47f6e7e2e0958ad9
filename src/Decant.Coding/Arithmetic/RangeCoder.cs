namespace Decant.Coding;

/// <summary>
/// One decision at a time, with its probability: an encoder writes the value that it is given, a decoder ignores it and
/// returns the value that it reads. A model written once over this serves both, so that both adapt alike.
/// </summary>
internal interface IBinaryCoder
{
    /// <summary>Bytes settled so far; an encoder and its decoder agree on it.</summary>
    int Length { get; }

    /// <summary>Codes one bit.</summary>
    /// <param name="bit">The bit, 0 or 1; a decoder ignores it.</param>
    /// <param name="p1">The probability that the bit is 1, in 1/65536; 1 to 65535.</param>
    /// <returns>The bit.</returns>
    int Code(int bit, int p1);

    /// <summary>Codes 0 to 16 bits of which nothing is known.</summary>
    /// <param name="value">The number; a decoder ignores it.</param>
    /// <param name="bits">How many bits.</param>
    /// <returns>The number.</returns>
    uint CodeRaw(uint value, int bits);
}

/// <summary>
/// A binary arithmetic encoder: an interval of 64 bits, narrowed by each decision, whose settled bytes are written.
/// </summary>
internal struct RangeEncoder(ByteWriter bytes) : IBinaryCoder
{
    private readonly ByteWriter bytes = bytes;
    private readonly int start = bytes.Length;
    private ulong low,
        high = ulong.MaxValue;

    /// <inheritdoc/>
    public readonly int Length => bytes.Length - start;

    /// <inheritdoc/>
    public int Code(int bit, int p1)
    {
        ulong middle = low + ((high - low) >> 16) * (uint)p1;
        if (bit != 0)
            high = middle;
        else
            low = middle + 1;
        Settle();
        return bit;
    }

    /// <inheritdoc/>
    public uint CodeRaw(uint value, int bits)
    {
        ulong step = (high - low) >> bits;
        if (step == 0)
            return BitByBit(value, bits);
        low += step * value;
        high = low + step - 1;
        Settle();
        return value;
    }

    /// <summary>
    /// Writes the shortest end that still lies in the interval when zeros follow, and drops zeros at the end.
    /// </summary>
    public readonly void Flush()
    {
        for (int n = 0; n <= 8; n++)
        {
            ulong mask = n == 8 ? 0 : ulong.MaxValue >> (8 * n),
                end = unchecked(low + mask) & ~mask;
            if (end < low || end > high)
                continue;
            for (int i = 0; i < n; i++)
                bytes.Byte((byte)(end >> (56 - 8 * i)));
            break;
        }
        bytes.TrimZeros(start);
    }

    /// <summary>For the rare interval too narrow to be cut into 2^bits at once.</summary>
    private uint BitByBit(uint value, int bits)
    {
        for (int i = bits - 1; i >= 0; i--)
            Code((int)(value >> i & 1), 32768);
        return value;
    }

    private void Settle()
    {
        for (; (low ^ high) >> 56 == 0; low <<= 8, high = high << 8 | 0xFF)
            bytes.Byte((byte)(low >> 56));
    }
}

/// <summary>Reads what <see cref="RangeEncoder"/> writes. Past the end it reads zeros.</summary>
internal struct RangeDecoder : IBinaryCoder
{
    private readonly ReadOnlyMemory<byte> bytes;
    private int next;
    private ulong low,
        high = ulong.MaxValue,
        value;

    public RangeDecoder(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        for (int i = 0; i < 8; i++)
            value = value << 8 | Next();
    }

    /// <inheritdoc/>
    public readonly int Length => Math.Min(Math.Max(0, next - 8), bytes.Length);

    /// <inheritdoc/>
    public int Code(int bit, int p1)
    {
        ulong middle = low + ((high - low) >> 16) * (uint)p1;
        if (value <= middle)
            (bit, high) = (1, middle);
        else
            (bit, low) = (0, middle + 1);
        Settle();
        return bit;
    }

    /// <inheritdoc/>
    public uint CodeRaw(uint value, int bits)
    {
        ulong step = (high - low) >> bits;
        if (step == 0)
            return BitByBit(bits);
        ulong index = Math.Min((this.value - low) / step, (1UL << bits) - 1);
        low += step * index;
        high = low + step - 1;
        // A damaged stream can point into the sliver that the division leaves over.
        if (this.value > high)
            this.value = high;
        Settle();
        return (uint)index;
    }

    private uint BitByBit(int bits)
    {
        uint read = 0;
        for (int i = 0; i < bits; i++)
            read = read << 1 | (uint)Code(0, 32768);
        return read;
    }

    private void Settle()
    {
        for (; (low ^ high) >> 56 == 0; low <<= 8, high = high << 8 | 0xFF)
            value = value << 8 | Next();
    }

    private byte Next()
    {
        int at = next++;
        return at < bytes.Length ? bytes.Span[at] : (byte)0;
    }
}

/// <summary>Writes nothing: for models that learn from what both sides know.</summary>
internal struct NoCoder : IBinaryCoder
{
    /// <inheritdoc/>
    public readonly int Length => 0;

    /// <inheritdoc/>
    public readonly int Code(int bit, int p1) => bit;

    /// <inheritdoc/>
    public readonly uint CodeRaw(uint value, int bits) => value;
}

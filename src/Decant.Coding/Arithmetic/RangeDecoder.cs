namespace Decant.Coding;

/// <summary>Reads what <see cref="RangeEncoder"/> writes. Past the end it reads zeros.</summary>
internal struct RangeDecoder : IBinaryCoder
{
    private readonly ReadOnlyMemory<byte> bytes;
    private int next;
    private ulong low, high = ulong.MaxValue, value;

    public RangeDecoder(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        for (int i = 0; i < 8; i++) value = value << 8 | Next();
    }

    /// <inheritdoc/>
    public readonly int Length => Math.Min(Math.Max(0, next - 8), bytes.Length);

    /// <inheritdoc/>
    public int Code(int bit, int p1)
    {
        ulong middle = low + ((high - low) >> 16) * (uint)p1;
        if (value <= middle) (bit, high) = (1, middle);
        else (bit, low) = (0, middle + 1);
        Settle();
        return bit;
    }

    /// <inheritdoc/>
    public uint CodeRaw(uint value, int bits)
    {
        ulong step = (high - low) >> bits;
        if (step == 0) return BitByBit(bits);
        ulong index = Math.Min((this.value - low) / step, (1UL << bits) - 1);
        low += step * index;
        high = low + step - 1;
        // A damaged stream can point into the sliver that the division leaves over.
        if (this.value > high) this.value = high;
        Settle();
        return (uint)index;
    }

    private uint BitByBit(int bits)
    {
        uint read = 0;
        for (int i = 0; i < bits; i++) read = read << 1 | (uint)Code(0, 32768);
        return read;
    }

    private void Settle()
    {
        for (; (low ^ high) >> 56 == 0; low <<= 8, high = high << 8 | 0xFF) value = value << 8 | Next();
    }

    private byte Next()
    {
        int at = next++;
        return at < bytes.Length ? bytes.Span[at] : (byte)0;
    }
}

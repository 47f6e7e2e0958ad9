namespace Decant.Coding;

/// <summary>Decodes a gap and the value behind it with one look, where their words are short together, as most are.</summary>
internal readonly struct PairTable
{
    /// <summary>The bits that a look takes.</summary>
    public const int Bits = 12;

    private readonly HuffmanCode gaps, values;
    private readonly uint[] table = new uint[1 << Bits];

    public PairTable(HuffmanCode gaps, HuffmanCode values)
    {
        (this.gaps, this.values) = (gaps, values);
        int at = 0;
        foreach (int gap in gaps.Ordered)
        {
            int length = gaps.LengthOf(gap);
            if (length > Bits) break;
            Fill(table.AsSpan(at, 1 << (Bits - length)), gap, length);
            at += 1 << (Bits - length);
        }
    }

    /// <summary>The pair that the top bits of a window are; 0, which is no pair, if they are not all of it.</summary>
    public uint Look(ulong window) => table[window >> (64 - Bits)];

    /// <summary>The pair that a window begins with, however long.</summary>
    public uint Find(ulong window)
    {
        var (gap, length) = gaps.Find((uint)(window >> (64 - HuffmanCode.MaxLength)));
        var (value, more) = values.Find((uint)(window << length >> (64 - HuffmanCode.MaxLength)));
        return Pair(gap, length, value, more);
    }

    /// <summary>How far it is from the position before: 1 to 256.</summary>
    public static int Distance(uint pair) => (int)(pair & 0x1FF);

    public static byte Value(uint pair) => (byte)(pair >> 9);

    /// <summary>Bits of the gap.</summary>
    public static int GapLength(uint pair) => (int)(pair >> 17 & 15);

    /// <summary>Bits of both.</summary>
    public static int Length(uint pair) => (int)(pair >> 21);

    private static uint Pair(int gap, int gapLength, int value, int valueLength) =>
        (uint)(gap + 1 | value << 9 | gapLength << 17 | (gapLength + valueLength) << 21);

    private void Fill(Span<uint> part, int gap, int gapLength)
    {
        int all = part.Length;
        foreach (int value in values.Ordered)
        {
            int length = values.LengthOf(value), count = all >> length;
            if (count == 0) break;
            part[..count].Fill(Pair(gap, gapLength, value, length));
            part = part[count..];
        }
    }
}

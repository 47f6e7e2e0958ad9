using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A canonical Huffman code: code words are given by their lengths alone, shorter first, then by symbol. A code of one
/// symbol takes no bits.
/// </summary>
internal sealed class HuffmanCode
{
    /// <summary>The longest code word.</summary>
    public const int MaxLength = 15;

    private readonly byte[] lengths;
    private readonly uint[] words;
    private readonly int[] ordered;
    private readonly int[] ordersEnd = new int[MaxLength + 1];
    private readonly uint[] wordsEnd = new uint[MaxLength + 1];
    private readonly int only = -1;

    /// <summary>The code of given lengths.</summary>
    /// <exception cref="FileFormatException">They make no complete prefix code.</exception>
    public HuffmanCode(byte[] lengths)
    {
        this.lengths = lengths;
        words = new uint[lengths.Length];
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte length in lengths)
            counts[length]++;
        int used = lengths.Length - counts[0];
        counts[0] = 0;
        if (used == 1)
            only = lengths.AsSpan().IndexOfAnyExcept((byte)0);
        Longest = used <= 1 ? 0 : counts.LastIndexOfAnyExcept(0);
        ordered = used == 1 ? [only] : new int[used];
        if (Longest > MaxLength || (used > 1 && !Assign(counts)))
            throw new FileFormatException("Huffman code lengths make no complete code: the file is damaged");
    }

    /// <summary>Gives words to symbols; false if some are left over or missing.</summary>
    private bool Assign(ReadOnlySpan<int> counts)
    {
        uint word = 0;
        for (int length = 1; length <= Longest; length++)
        {
            word <<= 1;
            (wordsEnd[length], ordersEnd[length]) = (word, ordersEnd[length - 1] + counts[length - 1]);
            word += (uint)counts[length];
        }
        for (int s = 0; s < lengths.Length; s++)
        {
            int length = lengths[s];
            if (length == 0)
                continue;
            words[s] = wordsEnd[length]++;
            ordered[ordersEnd[length]++] = s;
        }
        return word == 1u << Longest;
    }

    /// <summary>The best code for symbols that occur so often.</summary>
    public static HuffmanCode Of(ReadOnlySpan<long> counts) => new(PackageMerge.Lengths(counts, MaxLength));

    /// <summary>The longest length; 0 where no bits are needed.</summary>
    public int Longest { get; }

    /// <summary>How many symbols there are, used or not.</summary>
    public int Symbols => lengths.Length;

    /// <summary>The symbols that are used, in the order of their words.</summary>
    public ReadOnlySpan<int> Ordered => ordered;

    /// <summary>Bits of a symbol's word.</summary>
    public int LengthOf(int symbol) => only >= 0 ? 0 : lengths[symbol];

    /// <summary>Bits of all the words of symbols that occur so often.</summary>
    public long Cost(ReadOnlySpan<long> counts)
    {
        long bits = 0;
        for (int s = 0; s < counts.Length; s++)
            bits += counts[s] * LengthOf(s);
        return bits;
    }

    public void Write(BitWriter bits, int symbol) => bits.Write(words[symbol], LengthOf(symbol));

    /// <summary>
    /// Finds the word that bits begin with, one length after another: for long words, which are rare.
    /// </summary>
    /// <param name="bits">The next <see cref="MaxLength"/> bits.</param>
    public (int Symbol, int Length) Find(uint bits)
    {
        if (Longest == 0)
            return (Math.Max(0, only), 0);
        for (int length = 1; ; length++)
            if (bits >> (MaxLength - length) is var word && word < wordsEnd[length])
                return (ordered[ordersEnd[length] - (int)(wordsEnd[length] - word)], length);
    }

    /// <summary>A table from the next <see cref="Longest"/> bits to symbol · 16 + length.</summary>
    public ushort[] Table()
    {
        var table = new ushort[1 << Longest];
        int at = 0;
        foreach (int s in ordered)
        {
            int count = 1 << (Longest - LengthOf(s));
            table.AsSpan(at, count).Fill((ushort)(s << 4 | LengthOf(s)));
            at += count;
        }
        return table;
    }
}

/// <summary>
/// Decodes a gap and the value behind it with one look, where their words are short together, as most are.
/// </summary>
internal readonly struct PairTable
{
    /// <summary>The bits that a look takes.</summary>
    public const int Bits = 12;

    private readonly HuffmanCode gaps,
        values;
    private readonly uint[] table = new uint[1 << Bits];

    public PairTable(HuffmanCode gaps, HuffmanCode values)
    {
        (this.gaps, this.values) = (gaps, values);
        int at = 0;
        foreach (int gap in gaps.Ordered)
        {
            int length = gaps.LengthOf(gap);
            if (length > Bits)
                break;
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
            int length = values.LengthOf(value),
                count = all >> length;
            if (count == 0)
                break;
            part[..count].Fill(Pair(gap, gapLength, value, length));
            part = part[count..];
        }
    }
}

using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A canonical Huffman code: code words are given by their lengths alone, shorter first, then by symbol. A code of one symbol takes no bits.
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
        foreach (byte length in lengths) counts[length]++;
        int used = lengths.Length - counts[0];
        counts[0] = 0;
        if (used == 1) only = lengths.AsSpan().IndexOfAnyExcept((byte)0);
        Longest = used <= 1 ? 0 : counts.LastIndexOfAnyExcept(0);
        ordered = used == 1 ? [only] : new int[used];
        if (Longest > MaxLength || (used > 1 && !Assign(counts))) throw new FileFormatException("Huffman code lengths make no complete code: the file is damaged");
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
            if (length == 0) continue;
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
        for (int s = 0; s < counts.Length; s++) bits += counts[s] * LengthOf(s);
        return bits;
    }

    public void Write(BitWriter bits, int symbol) => bits.Write(words[symbol], LengthOf(symbol));

    /// <summary>Finds the word that bits begin with, one length after another: for long words, which are rare.</summary>
    /// <param name="bits">The next <see cref="MaxLength"/> bits.</param>
    public (int Symbol, int Length) Find(uint bits)
    {
        if (Longest == 0) return (Math.Max(0, only), 0);
        for (int length = 1; ; length++)
            if (bits >> (MaxLength - length) is var word && word < wordsEnd[length]) return (ordered[ordersEnd[length] - (int)(wordsEnd[length] - word)], length);
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

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
    private readonly int only = -1;

    /// <summary>The code of given lengths.</summary>
    /// <exception cref="FileFormatException">They make no complete prefix code.</exception>
    public HuffmanCode(byte[] lengths)
    {
        this.lengths = lengths;
        words = new uint[lengths.Length];
        int used = lengths.Count(l => l > 0);
        if (used == 1) only = Array.FindIndex(lengths, l => l > 0);
        Longest = used <= 1 ? 0 : lengths.Max();
        uint next = 0;
        for (int length = 1; length <= Longest; length++, next <<= 1)
            for (int s = 0; s < lengths.Length; s++)
                if (lengths[s] == length) words[s] = next++;
        if (used > 1 && (Longest > MaxLength || next != 2u << Longest)) throw new FileFormatException("Huffman code lengths make no complete code: the file is damaged");
    }

    /// <summary>The best code for symbols that occur so often.</summary>
    public static HuffmanCode Of(ReadOnlySpan<long> counts) => new(PackageMerge.Lengths(counts, MaxLength));

    /// <summary>The longest length; 0 where no bits are needed.</summary>
    public int Longest { get; }

    /// <summary>How many symbols there are, used or not.</summary>
    public int Symbols => lengths.Length;

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

    /// <summary>A table from the next <see cref="Longest"/> bits to symbol · 16 + length.</summary>
    public ushort[] Table()
    {
        var table = new ushort[1 << Longest];
        if (Longest == 0) table[0] = (ushort)(Math.Max(0, only) << 4);
        else
            for (int s = 0; s < lengths.Length; s++)
                if (lengths[s] > 0) table.AsSpan((int)words[s] << (Longest - lengths[s]), 1 << (Longest - lengths[s])).Fill((ushort)(s << 4 | lengths[s]));
        return table;
    }
}

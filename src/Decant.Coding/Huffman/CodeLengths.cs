using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Huffman code lengths as bits. Each length is told by the last one that was not zero: 0, the same; 10 and a bit, one
/// less or more; 110 and four bits, any; 111 and a number, so many symbols do not occur.
/// </summary>
internal static class CodeLengths
{
    private const int FirstGuess = 6;

    public static void Write(BitWriter bits, HuffmanCode code, ReadOnlySpan<byte> lengths)
    {
        int last = FirstGuess;
        for (int s = 0; s < code.Symbols; )
        {
            if (lengths[s] == 0)
            {
                int run = lengths[s..].IndexOfAnyExcept((byte)0) is >= 0 and var r ? r : code.Symbols - s;
                bits.Write(0b111, 3);
                WriteNumber(bits, (uint)run);
                s += run;
                continue;
            }
            if (lengths[s] == last)
                bits.Write(0, 1);
            else if (Math.Abs(lengths[s] - last) == 1)
                bits.Write(lengths[s] > last ? 0b101u : 0b100u, 3);
            else
                bits.Write(0b110_0000u | lengths[s], 7);
            last = lengths[s++];
        }
    }

    public static HuffmanCode Read(ref BitReader bits, int symbols)
    {
        var lengths = new byte[symbols];
        int last = FirstGuess;
        for (int s = 0; s < symbols; )
        {
            if (bits.IsPastEnd)
                throw new FileFormatException("a Huffman code is truncated: the file is damaged");
            if (bits.Read(1) == 0)
                lengths[s++] = (byte)last;
            else if (bits.Read(1) == 0)
                lengths[s++] = (byte)(last += bits.Read(1) != 0 ? 1 : -1);
            else if (bits.Read(1) == 0)
                lengths[s++] = (byte)(last = (int)bits.Read(4));
            else
                s = (int)Math.Min(symbols + 1L, s + (long)ReadNumber(ref bits));
            if (s > symbols || last is < 1 or > HuffmanCode.MaxLength)
                throw new FileFormatException("Huffman code lengths are out of range: the file is damaged");
        }
        return new HuffmanCode(lengths);
    }

    /// <summary>
    /// A number from 1 up (Elias gamma): as many zeros as it has bits after the first, then its bits.
    /// </summary>
    public static void WriteNumber(BitWriter bits, uint value)
    {
        int length = 32 - BitOperations.LeadingZeroCount(value);
        bits.Write(0, length - 1);
        bits.Write(value, length);
    }

    public static uint ReadNumber(ref BitReader bits)
    {
        int zeros = BitOperations.LeadingZeroCount(bits.Peek(32));
        if (zeros > 31)
            throw new FileFormatException("a code of a Huffman coded weight is out of range: the file is damaged");
        bits.Skip(zeros);
        return bits.Read(zeros + 1);
    }
}

/// <summary>
/// Optimal prefix code lengths under a limit, by the package-merge algorithm (Larmore, Hirschberg 1990).
/// </summary>
internal static class PackageMerge
{
    /// <summary>
    /// Code lengths for symbols that occur so often; 0 for one that never does. A single symbol gets length 1.
    /// </summary>
    /// <param name="counts">How often each symbol occurs.</param>
    /// <param name="limit">The longest length allowed; 2^limit must be at least the number of symbols that
    /// occur.</param>
    public static byte[] Lengths(ReadOnlySpan<long> counts, int limit)
    {
        var lengths = new byte[counts.Length];
        var leaves = new List<Package>();
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] > 0)
                leaves.Add(new Package(counts[i], i, null, null));
        leaves.Sort((a, b) => a.Weight != b.Weight ? a.Weight.CompareTo(b.Weight) : a.Symbol.CompareTo(b.Symbol));
        if (leaves.Count == 1)
            lengths[leaves[0].Symbol] = 1;
        if (leaves.Count < 2)
            return lengths;
        List<Package> level = leaves;
        for (int i = 1; i < limit; i++)
            level = Merge(leaves, Pair(level));
        foreach (Package package in level.Take(2 * leaves.Count - 2))
            package.Deepen(lengths);
        return lengths;
    }

    private static List<Package> Pair(List<Package> level)
    {
        var pairs = new List<Package>(level.Count / 2);
        for (int i = 0; i + 1 < level.Count; i += 2)
            pairs.Add(new Package(level[i].Weight + level[i + 1].Weight, -1, level[i], level[i + 1]));
        return pairs;
    }

    /// <summary>
    /// Merges two sorted lists; leaves first where weights are equal, so that the result is one and the same
    /// everywhere.
    /// </summary>
    private static List<Package> Merge(List<Package> leaves, List<Package> pairs)
    {
        var merged = new List<Package>(leaves.Count + pairs.Count);
        for (int i = 0, k = 0; i < leaves.Count || k < pairs.Count; )
            merged.Add(
                k == pairs.Count || (i < leaves.Count && leaves[i].Weight <= pairs[k].Weight) ? leaves[i++] : pairs[k++]
            );
        return merged;
    }

    private sealed record Package(long Weight, int Symbol, Package? Left, Package? Right)
    {
        public void Deepen(byte[] lengths)
        {
            if (Symbol >= 0)
                lengths[Symbol]++;
            Left?.Deepen(lengths);
            Right?.Deepen(lengths);
        }
    }
}

using System.Buffers;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Relative positions in Huffman codes, with the b that takes fewest bits, and the values between them if there are
/// codes for those.
/// </summary>
internal static class GapStream
{
    // So many short pairs are surely in a window.
    private const int PairsAWindow = 57 / PairTable.Bits;

    /// <summary>Writes positions of indices that are not 0, and those indices; a filler is index 0.</summary>
    public static void Write(BitWriter bits, ReadOnlySpan<int> positions, ReadOnlySpan<byte> indices, int symbols)
    {
        var counts = new long[symbols];
        foreach (int p in positions)
            counts[indices[p]]++;
        RelativePositions best = Best(positions, fillers => ValueBits(counts, fillers));
        counts[0] = best.Positions.Count(p => p < 0);
        byte[] gapLengths = PackageMerge.Lengths(Counts(best, false), HuffmanCode.MaxLength),
            valueLengths = PackageMerge.Lengths(counts, HuffmanCode.MaxLength);
        HuffmanCode gaps = new(gapLengths),
            values = new(valueLengths);
        Head(bits, best, gaps, gapLengths);
        CodeLengths.Write(bits, values, valueLengths);
        for (int i = 0; i < best.Gaps.Length; i++)
        {
            gaps.Write(bits, best.Gaps[i]);
            values.Write(bits, best.Positions[i] < 0 ? 0 : indices[best.Positions[i]]);
        }
    }

    /// <summary>Reads positions and indices into indices that are all 0.</summary>
    /// <returns>The bits that positions took.</returns>
    public static long Read(ref BitReader bits, Span<byte> indices, int symbols)
    {
        var (entries, gaps) = ReadHead(ref bits, false);
        HuffmanCode values = CodeLengths.Read(ref bits, symbols);
        var pairs = new PairTable(gaps, values);
        int at = -1;
        long gapBits = 0;
        BitReader local = bits;
        for (uint i = 0; i < entries; )
        {
            ulong window = local.Window();
            uint pair = pairs.Look(window),
                end = entries - i > PairsAWindow ? i + PairsAWindow : entries;
            if (pair == 0)
                (pair, end) = (pairs.Find(window), i + 1);
            int read = 0;
            do
            {
                at += PairTable.Distance(pair);
                if ((uint)at >= (uint)indices.Length)
                    throw Outside();
                indices[at] = PairTable.Value(pair);
                gapBits += PairTable.GapLength(pair);
                int length = PairTable.Length(pair);
                read += length;
                window <<= length;
            } while (++i < end && (pair = pairs.Look(window)) != 0);
            local.Skip(read);
        }
        bits = local;
        return gapBits;
    }

    /// <summary>Writes positions alone; a filler is a gap symbol after all the others.</summary>
    public static void Write(BitWriter bits, ReadOnlySpan<int> positions)
    {
        RelativePositions best = Best(positions, _ => 0);
        byte[] lengths = PackageMerge.Lengths(Counts(best, true), HuffmanCode.MaxLength);
        var code = new HuffmanCode(lengths);
        Head(bits, best, code, lengths);
        for (int i = 0; i < best.Gaps.Length; i++)
            code.Write(bits, best.Positions[i] < 0 ? 1 << best.Bits : best.Gaps[i]);
    }

    /// <summary>Reads positions alone.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="count">How many numbers the weight has.</param>
    /// <param name="most">The most positions that there can be.</param>
    public static int[] Read(ref BitReader bits, int count, long most)
    {
        var (entries, code) = ReadHead(ref bits, true);
        ushort[] table = code.Table();
        int filler = code.Symbols - 1,
            at = -1;
        var positions = new ArrayBufferWriter<int>();
        for (uint i = 0; i < entries; i++)
        {
            ushort hit = table[bits.Peek(code.Longest)];
            bits.Skip(hit & 15);
            int gap = hit >> 4;
            at += gap == filler ? filler : gap + 1;
            if (at >= count || positions.WrittenCount > most)
                throw Outside();
            if (gap == filler)
                continue;
            positions.GetSpan(1)[0] = at;
            positions.Advance(1);
        }
        return positions.WrittenSpan.ToArray();
    }

    private static FileFormatException Outside() => new("a position lies outside the weight: the file is damaged");

    private static RelativePositions Best(ReadOnlySpan<int> positions, Func<long, long> bitsBeside)
    {
        int best = 0;
        long least = long.MaxValue;
        for (int b = RelativePositions.MinBits; b <= RelativePositions.MaxBits; b++)
        {
            var (counts, fillers) = RelativePositions.Count(positions, b);
            long cost = HuffmanCode.Of(counts).Cost(counts) + bitsBeside(fillers);
            if (cost < least)
                (best, least) = (b, cost);
        }
        return RelativePositions.Of(positions, best);
    }

    private static long ValueBits(long[] counts, long fillers)
    {
        long[] all = [.. counts];
        all[0] = fillers;
        return HuffmanCode.Of(all).Cost(all);
    }

    private static long[] Counts(RelativePositions r, bool fillersApart)
    {
        var counts = new long[(1 << r.Bits) + (fillersApart ? 1 : 0)];
        for (int i = 0; i < r.Gaps.Length; i++)
            counts[fillersApart && r.Positions[i] < 0 ? 1 << r.Bits : r.Gaps[i]]++;
        return counts;
    }

    private static void Head(BitWriter bits, RelativePositions r, HuffmanCode code, byte[] lengths)
    {
        CodeLengths.WriteNumber(bits, (uint)r.Gaps.Length + 1);
        bits.Write((uint)(r.Bits - RelativePositions.MinBits), 3);
        CodeLengths.Write(bits, code, lengths);
    }

    private static (uint Entries, HuffmanCode Gaps) ReadHead(ref BitReader bits, bool fillersApart)
    {
        uint entries = CodeLengths.ReadNumber(ref bits) - 1;
        int b = (int)bits.Read(3) + RelativePositions.MinBits;
        if (b > RelativePositions.MaxBits)
            throw new FileFormatException($"gaps of {b} bits are out of range: the file is damaged");
        return (entries, CodeLengths.Read(ref bits, (1 << b) + (fillersApart ? 1 : 0)));
    }
}

/// <summary>
/// Positions as gaps in b bits (Han, Mao, Dally 2016, section 2): the zeros before each non-zero. A gap that b bits
/// cannot tell is bridged by filler zeros, each 2^b further on, which are kept as if they were non-zeros.
/// </summary>
/// <param name="Bits">b.</param>
/// <param name="Gaps">Of each entry, the zeros before it, below 2^b.</param>
/// <param name="Positions">Of each entry, its position; -1 for a filler.</param>
internal sealed record RelativePositions(int Bits, byte[] Gaps, int[] Positions)
{
    /// <summary>The least and the most bits.</summary>
    public const int MinBits = 2,
        MaxBits = 8;

    public static RelativePositions Of(ReadOnlySpan<int> positions, int bits)
    {
        int span = 1 << bits,
            last = -1,
            at = 0,
            entries = checked(positions.Length + (int)Count(positions, bits).Fillers);
        var (gaps, places) = (new byte[entries], new int[entries]);
        foreach (int p in positions)
        {
            for (; p - last > span; last += span)
                (gaps[at], places[at++]) = ((byte)(span - 1), -1);
            (gaps[at], places[at++]) = ((byte)(p - last - 1), p);
            last = p;
        }
        return new RelativePositions(bits, gaps, places);
    }

    /// <summary>
    /// How often each gap would occur, and how many of the largest are fillers, without making the entries.
    /// </summary>
    public static (long[] Gaps, long Fillers) Count(ReadOnlySpan<int> positions, int bits)
    {
        var gaps = new long[1 << bits];
        long fillers = 0;
        int last = -1;
        foreach (int p in positions)
        {
            int zeros = p - last - 1;
            fillers += zeros >> bits;
            gaps[zeros & (gaps.Length - 1)]++;
            last = p;
        }
        gaps[^1] += fillers;
        return (gaps, fillers);
    }
}

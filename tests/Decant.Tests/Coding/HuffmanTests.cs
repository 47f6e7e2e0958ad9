using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class HuffmanTests
{
    [Fact]
    public void Lengths_are_optimal_among_all_complete_codes()
    {
        var rng = new Rng(1);
        for (int n = 0; n < 300; n++)
        {
            int symbols = 2 + rng.Next(5),
                limit = 3 + rng.Next(3);
            long[] counts = [.. Enumerable.Range(0, symbols).Select(_ => 1L + rng.Next(1 << rng.Next(12)))];
            byte[] lengths = PackageMerge.Lengths(counts, limit);
            Assert.Equal(1.0, lengths.Sum(l => Math.Pow(2, -l)));
            Assert.True(lengths.Max() <= limit);
            Assert.Equal(Cheapest(counts, 0, 1.0, limit), counts.Zip(lengths, (c, l) => c * l).Sum());
        }
    }

    [Fact]
    public void Long_codes_lie_within_a_bit_of_the_entropy()
    {
        var rng = new Rng(2);
        long[] counts = [.. Enumerable.Range(0, 256).Select(_ => (long)rng.Next(1 << (1 + rng.Next(10))))];
        double entropy = Bytes.Entropy(counts);
        Assert.InRange(HuffmanCode.Of(counts).Cost(counts), entropy, entropy + counts.Sum());
    }

    [Fact]
    public void A_canonical_code_is_that_of_the_textbook()
    {
        // RFC 1951, section 3.2.2: lengths 3 3 3 3 3 2 4 4 give these words.
        var code = new HuffmanCode([3, 3, 3, 3, 3, 2, 4, 4]);
        var bytes = new ByteWriter();
        var bits = new BitWriter(bytes);
        for (int s = 0; s < 8; s++)
            code.Write(bits, s);
        bits.Flush();
        var reader = new BitReader(bytes.Written);
        Assert.Equal(0b010_011_100_101_110_00_1110_1111u, reader.Read(25));
    }

    [Fact]
    public void Incomplete_and_overfull_codes_are_refused()
    {
        Assert.Throws<FileFormatException>(() => new HuffmanCode([1, 2]));
        Assert.Throws<FileFormatException>(() => new HuffmanCode([1, 1, 1]));
    }

    [Fact]
    public void Code_lengths_come_back()
    {
        var rng = new Rng(3);
        for (int n = 0; n < 200; n++)
        {
            long[] counts =
            [
                .. Enumerable
                    .Range(0, 1 + rng.Next(300))
                    .Select(_ => rng.Next(3) == 0 ? 0L : rng.Next(1 << rng.Next(16))),
            ];
            byte[] lengths = PackageMerge.Lengths(counts, HuffmanCode.MaxLength);
            var bytes = new ByteWriter();
            var bits = new BitWriter(bytes);
            CodeLengths.Write(bits, new HuffmanCode(lengths), lengths);
            bits.Flush();
            var reader = new BitReader(bytes.Written);
            HuffmanCode back = CodeLengths.Read(ref reader, counts.Length);
            for (int s = 0; s < counts.Length; s++)
                Assert.Equal(new HuffmanCode(lengths).LengthOf(s), back.LengthOf(s));
        }
    }

    [Fact]
    public void Pairs_looked_up_are_pairs_found()
    {
        var rng = new Rng(5);
        for (int n = 0; n < 40; n++)
        {
            HuffmanCode Code(int symbols) =>
                HuffmanCode.Of([
                    .. Enumerable.Range(0, symbols).Select(_ => rng.Next(4) == 0 ? 0L : 1L << rng.Next(1 + n % 20)),
                    1,
                ]);
            HuffmanCode gaps = Code(rng.Next(255)),
                values = Code(rng.Next(255));
            var pairs = new PairTable(gaps, values);
            for (int i = 0; i < 500; i++)
            {
                ulong window = (ulong)rng.Next(1 << 30) << 34 | (ulong)rng.Next(1 << 30) << 4;
                uint found = pairs.Find(window),
                    looked = pairs.Look(window);
                Assert.Equal(PairTable.Length(found) <= PairTable.Bits ? found : 0, looked);
                Assert.Equal(
                    gaps.Table()[window >> 1 >> (63 - gaps.Longest)],
                    (PairTable.Distance(found) - 1) << 4 | PairTable.GapLength(found)
                );
                ulong behind = window << PairTable.GapLength(found);
                Assert.Equal(
                    values.Table()[behind >> 1 >> (63 - values.Longest)],
                    PairTable.Value(found) << 4 | (PairTable.Length(found) - PairTable.GapLength(found))
                );
            }
        }
    }

    [Fact]
    public void Gaps_are_those_of_the_paper()
    {
        // Figure 2 of Deep Compression: 3.4 at 1, 0.9 at 4, 1.7 at 15, spans of 8: a filler zero at 12.
        RelativePositions r = RelativePositions.Of([1, 4, 15], 3);
        Assert.Equal([1, 2, 7, 2], r.Gaps);
        Assert.Equal([1, 4, -1, 15], r.Positions);
    }

    /// <summary>The least cost over all codes whose lengths fill the tree, by trying them all.</summary>
    private static long Cheapest(long[] counts, int symbol, double room, int limit)
    {
        if (symbol == counts.Length)
            return room == 0 ? 0 : long.MaxValue / 2;
        long best = long.MaxValue / 2;
        for (int length = 1; length <= limit; length++)
            if (Math.Pow(2, -length) <= room)
                best = Math.Min(
                    best,
                    counts[symbol] * length + Cheapest(counts, symbol + 1, room - Math.Pow(2, -length), limit)
                );
        return best;
    }
}

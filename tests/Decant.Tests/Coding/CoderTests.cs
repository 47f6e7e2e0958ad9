using Decant.Coding;
using Decant.Core;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class CoderTests
{
    [Property]
    public bool Varints_come_back(ulong[] values)
    {
        var writer = new ByteWriter();
        foreach (ulong v in values)
            writer.Varint(v);
        var reader = new ByteReader(writer.Written, "test");
        foreach (ulong v in values)
            if (reader.Varint() != v)
                return false;
        return reader.Left == 0;
    }

    [Fact]
    public void Varints_that_are_cut_too_long_or_not_shortest_are_refused()
    {
        foreach (
            byte[] bytes in new byte[][]
            {
                [0x80],
                [0x80, 0x00],
                [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
            }
        )
            Assert.Throws<FileFormatException>(() => new ByteReader(bytes, "test").Varint());
    }

    [Property]
    public bool Bits_come_back(uint[] values, byte seed)
    {
        var rng = new Rng(seed);
        var bytes = new ByteWriter();
        var writer = new BitWriter(bytes);
        int[] widths = [.. values.Select(_ => rng.Next(33))];
        for (int i = 0; i < values.Length; i++)
            writer.Write(Low(values[i], widths[i]), widths[i]);
        writer.Flush();
        var reader = new BitReader(bytes.Written);
        for (int i = 0; i < values.Length; i++)
            if (reader.Read(widths[i]) != Low(values[i], widths[i]))
                return false;
        return !reader.IsPastEnd;
    }

    [Fact]
    public void Crc32_is_the_standard_one()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0x414FA339u, Crc32.Of("The quick brown fox jumps over the lazy dog"u8));
        Assert.Equal(Crc32.Of("123456789abcdefghijk"u8), Crc32.Of("6789abcdefghijk"u8, Crc32.Of("12345"u8)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    public void The_range_coder_comes_within_two_percent_of_the_entropy(double p)
    {
        var rng = new Rng(9);
        int[] bits = [.. Enumerable.Range(0, 200_000).Select(_ => rng.NextDouble() < p ? 1 : 0)];
        var bytes = new ByteWriter();
        var encoder = new RangeEncoder(bytes);
        uint state = AdaptiveBit.Unseen;
        foreach (int bit in bits)
            AdaptiveBit.Code(ref encoder, bit, ref state, AdaptiveBit.MaxLimit);
        encoder.Flush();
        double entropy = Bytes.Entropy([bits.Count(b => b == 1), bits.Count(b => b == 0)]) / 8;
        Assert.InRange(bytes.Length, entropy, entropy * 1.02);
        var decoder = new RangeDecoder(bytes.ToArray());
        state = AdaptiveBit.Unseen;
        Assert.All(bits, bit => Assert.Equal(bit, AdaptiveBit.Code(ref decoder, 0, ref state, AdaptiveBit.MaxLimit)));
    }

    [Fact]
    public void Symbols_come_within_two_percent_of_the_entropy()
    {
        var rng = new Rng(10);
        double[] weights = [.. Enumerable.Range(0, 64).Select(i => Math.Exp(-i / 9.0))];
        int[] symbols = [.. Enumerable.Range(0, 100_000).Select(_ => rng.Draw(weights))];
        var bytes = new ByteWriter();
        var encoder = new RangeEncoder(bytes);
        var tree = new BitTree(6, 1);
        foreach (int s in symbols)
            tree.Code(ref encoder, s);
        encoder.Flush();
        double entropy = Bytes.Entropy(symbols.GroupBy(s => s).Select(g => g.LongCount())) / 8;
        Assert.InRange(bytes.Length, entropy, entropy * 1.02);
    }

    [Fact]
    public void Extreme_probabilities_and_raw_bits_come_back()
    {
        var rng = new Rng(11);
        var bytes = new ByteWriter();
        var encoder = new RangeEncoder(bytes);
        var said = new List<(int Kind, int Value)>();
        for (int i = 0; i < 50_000; i++)
        {
            int kind = rng.Next(20),
                value = kind < 17 ? rng.Next(1 << kind) : rng.Next(2);
            said.Add((kind, value));
            if (kind < 17)
                encoder.CodeRaw((uint)value, kind);
            else
                encoder.Code(value, Extreme(kind));
        }
        encoder.Flush();
        var decoder = new RangeDecoder(bytes.ToArray());
        foreach (var (kind, value) in said)
            Assert.Equal(value, kind < 17 ? (int)decoder.CodeRaw(0, kind) : decoder.Code(0, Extreme(kind)));
    }

    [Property]
    public bool Numbers_come_back(ulong[] values)
    {
        var bytes = new ByteWriter();
        var encoder = new RangeEncoder(bytes);
        var model = new NumberModel(1);
        foreach (ulong v in values)
            model.Code(ref encoder, v);
        encoder.Flush();
        var decoder = new RangeDecoder(bytes.ToArray());
        model = new NumberModel(1);
        return values.All(v => model.Code(ref decoder, 0) == v);
    }

    [Fact]
    public void The_logistic_tables_are_the_logistic_function()
    {
        for (int x = -Logistic.Limit; x <= Logistic.Limit; x++)
        {
            Assert.Equal(65536 / (1 + Math.Exp(-x / 256.0)), Logistic.Squash(x), 1.01);
            Assert.Equal(65536, Logistic.Squash(x) + Logistic.Squash(-x), 1.0);
        }
        for (int p = 8; p < 65536; p += 16)
            Assert.Equal(
                Math.Log(p / (65536.0 - p)) * 256,
                Logistic.Stretch(p),
                24.0 + 40000.0 / Math.Min(p, 65536 - p)
            );
    }

    [Fact]
    public void The_mixer_computes_with_vectors_what_it_computes_without()
    {
        var rng = new Rng(12);
        for (int n = 0; n < 200; n++)
        {
            int[] x = Draw(Logistic.Limit),
                w = Draw(1 << 18),
                v = [.. w];
            int at = 8 * rng.Next(2);
            Assert.Equal(Mixer.DotScalar(x, w, at), Mixer.Dot(x, w, at));
            int step = rng.Next(1 << 18) - (1 << 17);
            Mixer.TrainScalar(x, w, at, step);
            Mixer.Train(x, v, at, step);
            Assert.Equal(w, v);
        }
        int[] Draw(int most) => [.. Enumerable.Range(0, 16).Select(_ => rng.Next(2 * most + 1) - most)];
    }

    private static int Extreme(int kind) =>
        kind switch
        {
            17 => 1,
            18 => 65535,
            _ => 32768,
        };

    private static uint Low(uint value, int bits) => bits == 32 ? value : value & (1u << bits) - 1;
}

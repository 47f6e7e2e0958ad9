using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class SpillTests
{
    private const int Large = 3 << 20;

    [Fact]
    public void What_is_spilled_is_what_is_held()
    {
        byte[] content = Content();
        using var spill = new Spill();
        var spilling = new ByteWriter(spill: spill);
        foreach (byte b in content)
            spilling.Byte(b);
        spilling.TrimZeros(1);
        Assert.True(spill.Length > 0);
        using var section = new CodedSection(DcntSectionKind.Weight, spilling.ToArray(), Tensor.Vector(1f, 2f), spill);
        using var written = new MemoryStream();
        section.WriteTo(written);
        byte[] expected = [.. content.AsSpan().TrimEnd((byte)0), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
        Assert.Equal(expected, written.ToArray());
        Assert.Equal(expected.Length, section.Length);
        Assert.Equal(Crc32.Of(expected), section.Checksum);
    }

    [Fact]
    public void Zeros_at_the_end_are_trimmed_but_not_those_at_the_start()
    {
        var zeros = new ByteWriter(spill: new Spill());
        for (int i = 0; i < Large; i++)
            zeros.Byte(0);
        zeros.TrimZeros(5);
        Assert.Equal(5, zeros.Length);
    }

    [Fact]
    public void A_large_weight_comes_back()
    {
        var rng = new Rng(3);
        float[] values = [.. Enumerable.Range(0, 600_000).Select(_ => (float)rng.NextNormal())];
        using CodedSection coded = WeightCoding.Encode(new DenseEncoding(Tensor.Vector(values)), CodingEffort.Smallest);
        Assert.NotNull(coded.Head);
        Assert.True(coded.Length < 4 * values.Length);
        using var written = new MemoryStream();
        coded.WriteTo(written);
        var (back, _) = WeightCoding.Decode(
            new WeightCodec(WeightKind.Dense, ElementType.Float32, new Shape(values.Length)),
            written.ToArray(),
            "w"
        );
        Assert.Equal(values, back.Decode().Array<float>());
    }

    /// <summary>Bytes that cross the blocks in the middle of zeros, and end in zeros.</summary>
    private static byte[] Content()
    {
        var rng = new Rng(7);
        var content = new byte[Large];
        for (int i = 0; i < Large - 1000; i++)
            if ((i >> 18) % 2 == 0)
                content[i] = (byte)rng.NextBits();
        content[^1001] = 9;
        return content;
    }
}

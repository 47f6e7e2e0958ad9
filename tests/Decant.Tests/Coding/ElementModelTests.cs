using System.IO.Compression;
using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

/// <summary>Dense weights coded by their elements: exact for every type, and small where something repeats.</summary>
public sealed class ElementModelTests
{
    private static readonly Shape[] Shapes =
    [
        Shape.Scalar,
        new(0, 3),
        new(1),
        new(97),
        new(23, 31),
        new(1, 400, 2),
        new(9, 5, 3, 3),
    ];

    public static TheoryData<string> Patterns => [.. Tables.Patterns];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Tables_of_every_type_come_back(string pattern)
    {
        foreach (ElementType type in Tables.Types)
        {
            Tensor[] tensors = [.. Shapes.Select((s, i) => Tables.Make(pattern, type, s, (ulong)i))];
            long elements = tensors.Sum(t => (long)t.Count);
            var bytes = new ByteWriter();
            var encoder = new RangeEncoder(bytes);
            var model = new ElementModel(type, elements);
            foreach (Tensor tensor in tensors)
                model.Code(ref encoder, tensor, true);
            encoder.Flush();
            var decoder = new RangeDecoder(bytes.ToArray());
            model = new ElementModel(type, elements);
            foreach (Tensor tensor in tensors)
            {
                Tensor back = Tensor.Zeros(type, tensor.Shape);
                model.Code(ref decoder, back, false);
                Assert.True(tensor.Bytes().SequenceEqual(back.Bytes()), $"{type} {tensor.Shape}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Sections_of_every_type_come_back(string pattern)
    {
        foreach (ElementType type in Tables.Types)
        foreach (Shape shape in new[] { new Shape(70, 30), new Shape(3, 2, 5) })
        {
            var encoding = new DenseEncoding(Tables.Make(pattern, type, shape, 5));
            byte[] bytes = Tables.BytesOf(WeightCoding.Encode(encoding, CodingEffort.Smallest));
            var (back, parts) = WeightCoding.Decode(WeightCodec.Of(encoding), bytes, "w");
            Networks.AssertSame(encoding, back);
            Assert.Equal(bytes.Length, parts.Total);
            byte[] shared = SharedWeights.Encode([encoding, encoding], CodingEffort.Smallest).Bytes;
            WeightCodec[] codecs = [WeightCodec.Of(encoding), WeightCodec.Of(encoding)];
            Assert.All(SharedWeights.Decode(codecs, shared, "weights"), d => Networks.AssertSame(encoding, d.Encoding));
        }
    }

    /// <summary>Against Brotli at its best: an independent coder that finds repeated bytes.</summary>
    [Theory]
    [InlineData("constant", 0.9)]
    [InlineData("periodic", 1)]
    [InlineData("mirrored", 0.85)]
    [InlineData("ramp", 0.1)]
    [InlineData("sparse", 0.95)]
    [InlineData("few", 1)]
    [InlineData("blocks", 1.05)]
    public void Tables_are_smaller_than_by_brotli(string pattern, double most)
    {
        foreach (ElementType type in Tables.Types)
        {
            if (pattern == "ramp" && type is ElementType.Float16 or ElementType.Float64 or ElementType.Float32)
                continue;
            Tensor tensor = Tables.Make(pattern, type, new Shape(100, 150), 3);
            long bytes = WeightCoding.Encode(new DenseEncoding(tensor), CodingEffort.Smallest).Length;
            // What is almost nothing is compared with almost nothing.
            Assert.InRange(bytes, 1, Math.Max(150, most * Brotli(tensor)));
        }
    }

    [Fact]
    public void ElementsThatMeetByChanceAmongManyDoNotCountAsRepeated()
    {
        var random = Rng.For(5, "chance");
        var repeated = new RepeatedElements();
        Tensor Some(int distinct) =>
            Tensor.Vector([.. Enumerable.Range(0, 1 << 17).Select(_ => 1 + (float)random.Next(distinct) / distinct)]);
        bool may = false;
        for (int i = 0; i < 6; i++)
            may |= repeated.MayPay(Some(1 << 23), out _);
        Assert.False(may);
        Assert.True(repeated.MayPay(Some(1 << 10), out _));
    }

    [Fact]
    public void Repeated_floats_cost_as_much_as_they_do_once()
    {
        var rng = new Rng(4);
        float[] period = [.. Enumerable.Range(0, 500).Select(_ => (float)rng.NextNormal())];
        Tensor tensor = Tensor.Vector([.. Enumerable.Range(0, 40_000).Select(i => period[i % 500])]);
        Assert.InRange(WeightCoding.Encode(new DenseEncoding(tensor), CodingEffort.Smallest).Length, 1600, 2100);
    }

    [Fact]
    public void A_transform_costs_far_less_than_by_brotli()
    {
        Tensor real = Tables.Fourier(200, false);
        var encoding = new DenseEncoding(real);
        long bytes = WeightCoding.Encode(encoding, CodingEffort.Smallest).Length,
            after =
                WeightCoding
                    .Encode(new DenseEncoding(Tables.Fourier(200, true)), CodingEffort.Smallest, (encoding, 1))
                    .Length;
        Assert.InRange(bytes, 1, Brotli(real) * 0.65);
        Assert.InRange(after, 1, bytes * 0.6);
    }

    [Fact]
    public void Noise_is_left_to_the_fast_method()
    {
        var rng = new Rng(5);
        Tensor noise = Tensor.Of(new Shape(200, 200), Bytes.Floats(rng, 40_000, 1));
        byte[] bytes = Tables.BytesOf(WeightCoding.Encode(new DenseEncoding(noise), CodingEffort.Smallest));
        Assert.Equal((byte)WeightMethod.Arithmetic, bytes[0]);
    }

    [Fact]
    public void Two_kinds_of_zero_and_of_nan_are_distinct_values()
    {
        float[] values = [0f, -0f, float.NaN, BitConverter.UInt32BitsToSingle(0xFFC00001), 2f, -0f];
        Tensor tensor = Tensor.Vector([.. Enumerable.Range(0, 3000).Select(i => values[i * i % 11 % 6])]);
        CodebookEncoding codebook = RepeatedElements.AsCodebook(tensor)!;
        Assert.True(codebook.ZeroApart);
        Assert.True(tensor.Bytes().SequenceEqual(codebook.Decode().Bytes()));
        byte[] bytes = Tables.BytesOf(WeightCoding.Encode(new DenseEncoding(tensor), CodingEffort.Smallest));
        var (back, _) = WeightCoding.Decode(
            new WeightCodec(WeightKind.Dense, ElementType.Float32, tensor.Shape),
            bytes,
            "w"
        );
        Assert.True(tensor.Bytes().SequenceEqual(back.Decode().Bytes()));
        Assert.Null(RepeatedElements.AsCodebook(Tensor.Vector([.. Enumerable.Range(0, 257).Select(i => (float)i)])));
    }

    private static long Brotli(Tensor tensor)
    {
        using var stream = new MemoryStream();
        using (var brotli = new BrotliStream(stream, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(tensor.Bytes());
        return stream.Length;
    }
}

using Decant.Coding;
using Decant.Core;
using Decant.Tests.Encodings;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class ScaledWeightTests
{
    [Property(MaxTest = 40)]
    public void Linear_weights_come_back(byte seed, byte bits, byte axis, bool zeros, bool skewed)
    {
        var rng = new Rng(seed);
        var shape = new Shape(1 + seed % 7, 3, 1 + bits % 5, 2);
        Check(Linear(rng, shape, 2 + bits % 15, axis % 5 - 1, zeros, skewed));
    }

    [Property(MaxTest = 60)]
    public void Linear_weights_in_blocks_come_back(ulong seed) => Check(LinearBlockTests.Random(new Rng(seed)));

    [Property(MaxTest = 40)]
    public void Ternary_and_binary_weights_come_back(byte seed, byte rows, byte columns, bool perOutput, bool skewed)
    {
        var rng = new Rng(seed);
        var shape = new Shape(1 + rows % 40, columns % 50);
        perOutput &= shape.Count > 0;
        Check(Ternary(rng, shape, perOutput, skewed));
        Check(Binary(rng, shape, perOutput, skewed));
    }

    [Property(MaxTest = 40)]
    public void Vector_weights_come_back(byte seed, byte rows, byte length, byte stages, bool perColumn, bool skewed)
    {
        var shape = new Shape(64 + rows % 40, 2, 1 + length % 6);
        Check(
            Vector(
                new Rng(seed),
                shape,
                new VectorLayout(shape[2], 1 + stages % 3, 1 + (rows + seed) % 12, perColumn),
                skewed
            )
        );
    }

    [Fact]
    public void They_decode_to_what_their_formulas_say()
    {
        var linear = new LinearEncoding(new Shape(2, 3), 4, [-8, -1, 0, 1, 2, 7], [0.5f, 2, 3], [1, 0, -8], 1);
        Assert.Equal([-4.5f, -2, 24, 0, 4, 45], linear.Decode().Array<float>());
        Assert.Equal(
            [-65.5f, 65],
            new LinearEncoding(new Shape(2), 16, [-32768, 32482], [0.5f], [-32637])
                .Decode()
                .Array<float>()
                .Select(v => v is -65.5f ? v : 65)
        );
        Assert.Equal(
            [-2, 0, 3, 5, 0, -4],
            new TernaryEncoding(new Shape(2, 3), [-1, 0, 1, 1, 0, -1], [2, 4], [3, 5]).Decode().Array<float>()
        );
        Assert.Equal(
            [2, -2, 2, -3, 3, 3],
            new BinaryEncoding(new Shape(2, 3), [0b110101], [2, 3]).Decode().Array<float>()
        );
        var vector = new VectorEncoding(
            new Shape(4, 2),
            new VectorLayout(2, 2, 2, false),
            [1, 2, 3, 4, 10, 20, 30, 40],
            [0, 1, 1, 0, 0, 0, 1, 1]
        );
        Assert.Equal([11, 22, 13, 24, 33, 44, 31, 42], vector.Decode().Array<float>());
        var product = new VectorEncoding(
            new Shape(4, 2),
            new VectorLayout(1, 1, 2, true),
            [1, 2, 3, 4],
            [0, 0, 0, 1, 1, 0, 1, 1]
        );
        Assert.Equal([1, 3, 1, 4, 2, 3, 2, 4], product.Decode().Array<float>());
        Assert.Equal([0b101], BinaryEncoding.SignsOf([1, -1, 0]));
    }

    [Fact]
    public void Signs_that_say_nothing_take_a_bit_each_and_others_less()
    {
        var rng = new Rng(4);
        foreach (CodingEffort effort in Enum.GetValues<CodingEffort>())
        {
            Assert.InRange(
                WeightCoding.Encode(Binary(rng, new Shape(64, 1000), true, false), effort).Length,
                8000,
                8000 + 64 * 4 + 16
            );
            Assert.InRange(
                WeightCoding.Encode(Binary(rng, new Shape(64, 1000), false, true), effort).Length,
                100,
                5200
            );
            Assert.InRange(
                WeightCoding.Encode(Ternary(rng, new Shape(64, 1000), false, false), effort).Length,
                12600,
                12900
            );
            Assert.InRange(
                WeightCoding.Encode(Linear(rng, new Shape(64, 1000), 4, -1, false, false), effort).Length,
                32000,
                32040
            );
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Shape two = new(2, 2);
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 3, [0, 0, 0, 4], [1], []));
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 9, new sbyte[4], [1], []));
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 8, new sbyte[4], [1, 2], []));
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 8, new sbyte[4], [1, 2], [1], 0));
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 4, new sbyte[4], [1], [8]));
        Assert.Throws<ModelException>(() => new LinearEncoding(two, 4, new sbyte[4], [1], [], 2));
        Assert.Throws<ModelException>(() => new TernaryEncoding(two, [0, 0, 0, 2], [1], [1]));
        Assert.Throws<ModelException>(() => new TernaryEncoding(two, new sbyte[4], [1, 1, 1], [1, 1, 1]));
        Assert.Throws<ModelException>(() => new BinaryEncoding(two, [0x10], [1]));
        Assert.Throws<ModelException>(() => new BinaryEncoding(two, [0, 0], [1]));
        Assert.Throws<ModelException>(() => new BinaryEncoding(new Shape(2, 0), [], [1, 1]));
        Assert.Throws<ModelException>(() =>
            new VectorEncoding(new Shape(4, 3), new VectorLayout(2, 1, 1, false), [1, 2], new byte[6])
        );
        Assert.Throws<ModelException>(() =>
            new VectorEncoding(new Shape(4, 2), new VectorLayout(2, 1, 8, false), new float[16], new byte[4])
        );
        Assert.Throws<ModelException>(() =>
            new VectorEncoding(new Shape(4, 2), new VectorLayout(2, 1, 2, false), new float[4], [0, 0, 0, 2])
        );
        Assert.Throws<ModelException>(() =>
            new VectorEncoding(new Shape(4, 2), new VectorLayout(2, 17, 1, false), new float[34], new byte[68])
        );
        Assert.Throws<ModelException>(() =>
            new LinearEncoding(new Shape(2, 0), 8, Array.Empty<sbyte>(), [1, 1], [], 0)
        );
    }

    [Fact]
    public void Damaged_ones_are_refused_or_read()
    {
        var rng = new Rng(9);
        Encoding[] all =
        [
            Linear(rng, new Shape(40, 30), 5, 0, true, true),
            new LinearEncoding(new Shape(40, 30), 4, new sbyte[1200], Bytes.Floats(rng, 120, 1), new int[120], 0, 10),
            Ternary(rng, new Shape(40, 30), true, false),
            Binary(rng, new Shape(40, 30), true, true),
            Vector(rng, new Shape(40, 30), new VectorLayout(5, 2, 7, true), true),
        ];
        foreach (Encoding encoding in all)
        {
            byte[] whole = WeightCoding.Encode(encoding, CodingEffort.Smallest).Bytes;
            for (int i = 0; i < 400; i++)
            {
                byte[] bytes = (byte[])whole.Clone();
                bytes[1 + rng.Next(Math.Min(bytes.Length - 1, 40))] ^= (byte)(1 << rng.Next(8));
                foreach (var shape in new[] { encoding.Shape, new Shape(0, 1 << 30) })
                    try
                    {
                        Assert.Equal(
                            shape,
                            WeightCoding
                                .Decode(WeightCodec.Of(encoding) with { Shape = shape }, bytes, "weight 'w'")
                                .Encoding.Shape
                        );
                    }
                    catch (DecantException e)
                    {
                        Assert.DoesNotContain('\n', e.Message);
                    }
            }
        }
    }

    internal static LinearEncoding Linear(Rng rng, Shape shape, int bits, int axis, bool zeros, bool skewed)
    {
        int n = (int)shape.Count,
            groups = axis < 0 ? 1 : shape[axis],
            half = 1 << (bits - 1);
        int Code() =>
            skewed ? (int)Math.Clamp(rng.NextNormal() * half / 6, -half, half - 1) : rng.Next(2 * half) - half;
        float[] scales = Bytes.Floats(rng, groups, 1);
        int[] z = zeros ? [.. Enumerable.Range(0, groups).Select(_ => Code())] : [];
        int[] codes = [.. Enumerable.Range(0, n).Select(_ => Code())];
        return bits > 8
            ? new LinearEncoding(shape, bits, Array.ConvertAll(codes, c => (short)c), scales, z, axis)
            : new LinearEncoding(shape, bits, Array.ConvertAll(codes, c => (sbyte)c), scales, z, axis);
    }

    internal static TernaryEncoding Ternary(Rng rng, Shape shape, bool perOutput, bool skewed)
    {
        int groups = perOutput ? shape[0] : 1;
        sbyte[] signs =
        [
            .. Enumerable
                .Range(0, (int)shape.Count)
                .Select(_ => (sbyte)(skewed && rng.Next(10) > 0 ? 0 : rng.Next(3) - 1)),
        ];
        return new TernaryEncoding(shape, signs, Bytes.Floats(rng, groups, 1), Bytes.Floats(rng, groups, 1));
    }

    internal static BinaryEncoding Binary(Rng rng, Shape shape, bool perOutput, bool skewed)
    {
        float[] values =
        [
            .. Enumerable
                .Range(0, (int)shape.Count)
                .Select(_ => skewed && rng.Next(5) > 0 ? 1f : (float)rng.NextDouble(-1, 1)),
        ];
        return new BinaryEncoding(
            shape,
            BinaryEncoding.SignsOf(values),
            Bytes.Floats(rng, perOutput ? shape[0] : 1, 1)
        );
    }

    internal static VectorEncoding Vector(Rng rng, Shape shape, VectorLayout layout, bool skewed) =>
        new(
            shape,
            layout,
            Bytes.Floats(rng, (int)layout.CodebookElements(shape), 1),
            [
                .. Enumerable
                    .Range(0, layout.Stages * layout.Vectors(shape))
                    .Select(_ => (byte)(skewed && rng.Next(5) > 0 ? 0 : rng.Next(layout.Entries))),
            ]
        );

    private static void Check(Encoding encoding)
    {
        foreach (CodingEffort effort in Enum.GetValues<CodingEffort>())
        {
            byte[] bytes = WeightCoding.Encode(encoding, effort).Bytes;
            var (back, parts) = WeightCoding.Decode(WeightCodec.Of(encoding), bytes, "weight 'w'");
            AssertSame(encoding, back);
            Assert.Equal(bytes.Length, parts.Total);
        }
        ReadOnlyMemory<byte> shared = SharedWeights.Encode([encoding, encoding], CodingEffort.Smallest).Bytes;
        Assert.All(SharedWeights.Decode([WeightCodec.Of(encoding), WeightCodec.Of(encoding)], shared, "weights"), d =>
            AssertSame(encoding, d.Encoding)
        );
    }

    private static void AssertSame(Encoding a, Encoding b)
    {
        Networks.AssertSame(a, b);
        Assert.Equal(a.Bits, b.Bits);
        if (a is VectorEncoding v)
            Assert.True(
                v.Layout == ((VectorEncoding)b).Layout
                    && v.Codes.SequenceEqual(((VectorEncoding)b).Codes)
                    && v.Codebooks.SequenceEqual(((VectorEncoding)b).Codebooks)
            );
        if (a is not LinearEncoding l)
            return;
        var m = (LinearEncoding)b;
        Assert.True(
            l.Codes.SequenceEqual(m.Codes)
                && l.WideCodes.SequenceEqual(m.WideCodes)
                && l.Zeros.SequenceEqual(m.Zeros)
                && l.Axis == m.Axis
                && l.Block == m.Block
        );
    }
}

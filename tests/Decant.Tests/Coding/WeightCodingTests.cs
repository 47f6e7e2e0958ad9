using Decant.Coding;
using Decant.Core;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class WeightCodingTests
{
    [Property(MaxTest = 25)]
    public void Sparse_weights_come_back(byte seed, byte rows, byte columns, byte density) =>
        Check(
            SparseEncoding.FromNonZeros(
                Tensor.Of(
                    new Shape(rows, columns % 64),
                    Bytes.Floats(new Rng(seed), rows * (columns % 64), density / 512.0)
                )
            )
        );

    [Property(MaxTest = 25)]
    public void Codebooks_come_back(byte seed, byte rows, byte channels, byte entries, byte density, bool zeroApart) =>
        Check(
            Bytes.Codebook(
                new Rng(seed),
                new Shape(rows % 64, channels % 16, 3, 3),
                1 + entries,
                density / 255.0,
                zeroApart
            )
        );

    [Property(MaxTest = 60)]
    public void Dense_weights_come_back(float[] values) =>
        Check(new DenseEncoding(Tensor.Of(new Shape(values.Length), values)));

    [Fact]
    public void Odd_codebooks_come_back()
    {
        float nan = BitConverter.UInt32BitsToSingle(0xFFC12345);
        Check(
            new CodebookEncoding(
                new Shape(7),
                [nan, float.PositiveInfinity, -0f, 0f, 1, 1, float.MinValue],
                [0, 1, 2, 3, 4, 5, 6],
                false
            )
        );
        Check(new CodebookEncoding(new Shape(3), [-0f, 0f, float.Epsilon], [0, 1, 2], true));
        Check(new CodebookEncoding(new Shape(3), [0f], [0, 0, 0], true));
        Check(new CodebookEncoding(Shape.Scalar, [2.5f], [0], false));
        Check(Bytes.Codebook(new Rng(1), new Shape(3, 2, 2, 3, 2), 256, 1, false));
        Check(new SparseEncoding(new Shape(5), [0, 3, 4], [0f, -0f, float.NaN]));
    }

    [Fact]
    public void Structure_makes_a_mask_cheaper_than_its_entropy()
    {
        var rng = new Rng(2);
        double[] columns = [.. Enumerable.Range(0, 300).Select(i => i % 10 == 0 ? 0.5 : 0.02)];
        float[] values = [.. Enumerable.Range(0, 60_000).Select(i => rng.NextDouble() < columns[i % 300] ? 1f : 0f)];
        var sparse = SparseEncoding.FromNonZeros(Tensor.Of(new Shape(200, 300), values));
        double entropy = Bytes.Entropy([sparse.NonZeros, 60_000 - sparse.NonZeros]) / 8;
        Assert.InRange(WeightCoding.Encode(sparse, CodingEffort.Smallest).Length, 1, entropy * 0.7);
    }

    [Fact]
    public void Noise_costs_little_more_than_its_entropy()
    {
        var rng = new Rng(3);
        byte[] indices =
        [
            .. Enumerable.Range(0, 60_000).Select(_ => (byte)(rng.NextDouble() < 0.2 ? 1 + rng.Next(15) : 0)),
        ];
        var encoding = new CodebookEncoding(
            new Shape(200, 300),
            [.. Enumerable.Range(0, 16).Select(i => (float)i)],
            indices,
            true
        );
        double entropy = Bytes.Entropy(indices.GroupBy(i => i).Select(g => g.LongCount())) / 8;
        Assert.InRange(WeightCoding.Encode(encoding, CodingEffort.Smallest).Length, entropy, entropy * 1.02);
        Assert.InRange(WeightCoding.Encode(encoding, CodingEffort.Huffman).Length, entropy, entropy * 1.08);
    }

    private static void Check(Encoding encoding)
    {
        foreach (CodingEffort effort in Enum.GetValues<CodingEffort>())
        {
            CodedSection coded = WeightCoding.Encode(encoding, effort);
            byte[] bytes = [.. coded.Bytes, .. coded.Tail is { } tail ? tail.Bytes() : []];
            var (back, parts) = WeightCoding.Decode(WeightCodec.Of(encoding), bytes, "weight 'w'");
            Networks.AssertSame(encoding, back);
            Assert.Equal(bytes.Length, parts.Total);
        }
        ReadOnlyMemory<byte> shared = SharedWeights.Encode([encoding, encoding], CodingEffort.Smallest).Bytes;
        Assert.All(SharedWeights.Decode([WeightCodec.Of(encoding), WeightCodec.Of(encoding)], shared, "weights"), d =>
            Networks.AssertSame(encoding, d.Encoding)
        );
    }
}

using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Sparse;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

public sealed class SparseProductTests
{
    [Theory]
    [InlineData(1, 1, 1, 1.0)]
    [InlineData(1, 7, 3, 0.5)]
    [InlineData(1, 300, 100, 0.05)]
    [InlineData(4, 33, 17, 0.2)]
    [InlineData(9, 33, 17, 0.2)]
    [InlineData(39, 20, 31, 0.3)]
    [InlineData(2, 70_000, 9, 0.01)]
    [InlineData(5, 140_001, 9, 0.001)]
    [InlineData(3, 50, 20, 0.0)]
    public void EveryWidthGivesTheProductAndTheSameBits(int batch, int inputs, int outputs, double density)
    {
        var rng = new Rng((ulong)(batch + inputs));
        float[] w = Thinned.Numbers(rng, inputs * outputs, density),
            x = Thinned.Numbers(rng, batch * inputs),
            bias = Thinned.Numbers(rng, outputs);
        foreach (var finish in new[] { Epilogue.Nothing, new Epilogue(bias, false), new Epilogue(bias, true) })
        {
            var product = new SparseProduct(SparseRows.Of(w, outputs, inputs), finish);
            float[] scalar = Run(product, x, batch, VectorWidth.Scalar, 1);
            Assert.True(
                Thinned.Distance(Thinned.Product(x, w, finish.Bias, finish.Relu, batch, inputs, outputs), scalar) < 1e-4
            );
            foreach (VectorWidth width in VectorWidths.All)
            foreach (int pieces in new[] { 1, 3 })
                Assert.Equal(scalar, Run(product, x, batch, width, pieces));
        }
    }

    [Fact]
    public void ASparseEncodingIsTakenAsItIs()
    {
        var rng = new Rng(5);
        float[] w = Thinned.Numbers(rng, 12 * 30, 0.2);
        w[17] = 0;
        Tensor tensor = Tensor.Of(new Shape(12, 5, 6), w);
        SparseRows dense = SparseRows.Of(w, 12, 30),
            sparse = SparseRows.Of(SparseEncoding.FromNonZeros(tensor)),
            other = SparseRows.Of(new DenseEncoding(tensor));
        foreach (SparseRows rows in new[] { sparse, other, dense.Transposed().Transposed() })
        {
            Assert.Equal(dense.Starts, rows.Starts);
            Assert.Equal(dense.Places, rows.Places);
            Assert.Equal(dense.Values, rows.Values);
        }
        var transposed = new float[w.Length];
        for (int i = 0; i < w.Length; i++)
            transposed[i % 30 * 12 + i / 30] = w[i];
        Assert.Equal(SparseRows.Of(transposed, 30, 12).Places, dense.Transposed().Places);
        Assert.Equal(SparseRows.Of(transposed, 30, 12).Values, dense.Transposed().Values);
    }

    [Fact]
    public void ACodebookIsTakenAsItIs()
    {
        var rng = new Rng(6);
        float[] codebook = [0, 1.5f, -0f, float.NaN, -2, 3];
        byte[] indices =
        [
            .. Enumerable.Range(0, 7 * 20).Select(i => (byte)(i < 60 || i > 120 ? 0 : rng.Next(codebook.Length))),
        ];
        var encoding = new CodebookEncoding(new Shape(7, 4, 5), codebook, indices, zeroApart: true);
        SparseRows rows = SparseRows.Of(encoding),
            dense = SparseRows.Of(encoding.Decode().Span<float>(), 7, 20);
        int[] places = [.. Enumerable.Range(0, indices.Length).Where(i => codebook[indices[i]] != 0)];
        foreach (SparseRows found in new[] { rows, dense })
        {
            Assert.Equal(places.Select(i => i % 20), found.Places);
            Assert.Equal(places.Select(i => codebook[indices[i]]), found.Values);
            Assert.Equal(Enumerable.Range(0, 8).Select(row => places.Count(i => i < row * 20)), found.Starts);
        }
    }

    [Fact]
    public void ArraysThatAreTooShortAreRefused()
    {
        var product = new SparseProduct(SparseRows.Of(new float[12], 3, 4), Epilogue.Nothing);
        Assert.Throws<ArgumentException>(() =>
            product.Run(new float[3], new float[3], 1, 0, 1, [], VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            product.Run(new float[4], new float[2], 1, 0, 1, [], VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            product.Run(new float[4], new float[3], 1, 0, 2, [], VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            product.Run(new float[40], new float[30], 10, 0, 1, [], VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            new SparseProduct(SparseRows.Of(new float[12], 3, 4), new Epilogue(new float[4], false))
        );
    }

    private static float[] Run(SparseProduct product, float[] x, int batch, VectorWidth width, int pieces)
    {
        var y = new float[batch * product.Outputs];
        Array.Fill(y, float.NaN);
        for (int i = 0; i < pieces; i++)
            product.Run(
                x,
                y,
                batch,
                product.Groups * i / pieces,
                product.Groups * (i + 1) / pieces,
                new float[product.Scratch(batch, width)],
                width
            );
        return y;
    }
}

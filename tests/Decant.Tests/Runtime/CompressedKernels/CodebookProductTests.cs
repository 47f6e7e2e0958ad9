using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Codebook;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

public sealed class CodebookProductTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 128, 4, 16)]
    [InlineData(2, 129, 5, 16)]
    [InlineData(1, 517, 9, 13)]
    [InlineData(1, 64, 4, 17)]
    [InlineData(2, 65, 3, 64)]
    [InlineData(1, 63, 7, 65)]
    [InlineData(3, 300, 10, 128)]
    [InlineData(1, 333, 6, 256)]
    public void EveryWidthGivesTheProductAndTheSameBits(int batch, int inputs, int outputs, int entries)
    {
        var rng = new Rng((ulong)(inputs + entries));
        float[] codebook = Thinned.Numbers(rng, entries),
            x = Thinned.Numbers(rng, batch * inputs),
            bias = Thinned.Numbers(rng, outputs);
        byte[] indices = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (byte)rng.Next(entries))];
        float[] w = [.. indices.Select(i => codebook[i])];
        foreach (var finish in new[] { Epilogue.Nothing, new Epilogue(bias, true) })
        {
            var weight = new CodebookEncoding(new Shape(outputs, inputs), codebook, indices, false);
            var product = CodebookProduct.Of(weight, finish);
            float[] scalar = Run(product, x, batch, VectorWidth.Scalar, 1);
            Assert.True(
                Thinned.Distance(Thinned.Product(x, w, finish.Bias, finish.Relu, batch, inputs, outputs), scalar) < 1e-4
            );
            foreach (VectorWidth width in VectorWidths.All)
            foreach (int pieces in new[] { 1, 2 })
                Assert.Equal(scalar, Run(product, x, batch, width, pieces));
        }
    }

    [Fact]
    public void ArraysThatAreTooShortAreRefused()
    {
        var product = new CodebookProduct(new byte[12], [1f], 3, 4, Epilogue.Nothing);
        Assert.Throws<ArgumentException>(() => product.Run(new float[3], new float[3], 1, 0, 1, VectorWidth.Scalar));
        Assert.Throws<ArgumentException>(() => product.Run(new float[4], new float[2], 1, 0, 1, VectorWidth.Scalar));
        Assert.Throws<ArgumentException>(() => product.Run(new float[4], new float[3], 1, 0, 2, VectorWidth.Scalar));
        Assert.Throws<ArgumentException>(() => new CodebookProduct(new byte[12], [1f], 3, 5, Epilogue.Nothing));
    }

    [Fact]
    public void CodesWithScalesAreProductsToo()
    {
        const int Inputs = 200,
            Outputs = 6;
        var (rng, shape) = (new Rng(3), new Shape(Outputs, Inputs));
        float[] x = Thinned.Numbers(rng, Inputs),
            bias = Thinned.Numbers(rng, Outputs),
            one = [0.7f],
            each = Thinned.Numbers(rng, Outputs);
        sbyte[] Codes(int n) => [.. Enumerable.Range(0, Outputs * Inputs).Select(_ => (sbyte)(rng.Next(n) - n / 2))];
        byte[] signs = BinaryEncoding.SignsOf(Thinned.Numbers(rng, Outputs * Inputs));
        Encoding[] weights =
        [
            new TernaryEncoding(shape, Codes(3), one, [0.4f]),
            new TernaryEncoding(shape, Codes(3), each, each),
            new BinaryEncoding(shape, signs, one),
            new BinaryEncoding(shape, signs, each),
            new LinearEncoding(shape, 4, Codes(16), one, [3]),
            new LinearEncoding(shape, 8, Codes(256), each, [], 0),
        ];
        foreach (Encoding weight in weights)
        foreach (VectorWidth width in VectorWidths.All)
        {
            float[] expected = Thinned.Product(x, weight.Decode().Array<float>(), bias, true, 1, Inputs, Outputs);
            float[] actual = Run(CodedWeights.Product(weight, new Epilogue(bias, true))!, x, 1, width, 1);
            Assert.True(Thinned.Distance(expected, actual) < 1e-5 * expected.Append(1).Max());
        }
        Assert.Null(
            CodedWeights.Product(new TernaryEncoding(shape, Codes(3), each, [.. each.Reverse()]), Epilogue.Nothing)
        );
        Assert.Null(
            CodedWeights.Product(new LinearEncoding(shape, 4, Codes(16), each, [0, 0, 1, 0, 0, 0], 0), Epilogue.Nothing)
        );
        Assert.Null(CodedWeights.Product(new DenseEncoding(weights[0].Decode()), Epilogue.Nothing));
    }

    private static float[] Run(CodebookProduct product, float[] x, int batch, VectorWidth width, int pieces)
    {
        var y = new float[batch * product.Outputs];
        Array.Fill(y, float.NaN);
        for (int i = 0; i < pieces; i++)
            product.Run(x, y, batch, product.Groups * i / pieces, product.Groups * (i + 1) / pieces, width);
        return y;
    }
}

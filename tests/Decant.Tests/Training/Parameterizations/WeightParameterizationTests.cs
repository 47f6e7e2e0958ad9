using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Parameterizations;

[Collection("libtorch")]
public sealed class WeightParameterizationTests
{
    public static IEnumerable<Encoding> Encodings()
    {
        var rng = new Rng(1);
        float[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)rng.NextNormal())];
        yield return new DenseEncoding(Tensor.Of(new Shape(3, 4), Draw(12)));
        yield return new SparseEncoding(new Shape(3, 4), [0, 3, 7, 11], Draw(4));
        yield return new SparseEncoding(new Shape(3, 4), [5], [0f]);
        yield return new CodebookEncoding(new Shape(2, 5), Draw(3), [0, 1, 2, 2, 1, 0, 0, 0, 1, 2], false);
        yield return new CodebookEncoding(new Shape(2, 5), [0, .. Draw(3)], [0, 1, 2, 3, 1, 0, 0, 0, 1, 2], true);
        yield return new CodebookEncoding(new Shape(2, 2), [0, .. Draw(2)], [0, 0, 0, 0], true);
        yield return new CodebookEncoding(new Shape(4), [0f], [0, 0, 0, 0], true);
    }

    [TorchFact]
    public void TheEffectiveWeightIsTheDecodedEncodingAndComesBack()
    {
        foreach (Encoding encoding in Encodings())
        {
            using var scope = new TorchScope();
            using WeightParameterization parameterization = WeightParameterization.For(encoding);
            TorchTensor effective = parameterization.Effective();
            Assert.Equal(encoding.Shape.Dims.Select(d => (long)d), effective.Shape);
            Assert.Equal(Bits(encoding.Decode()), effective.ToArray<float>().Select(BitConverter.SingleToUInt32Bits));
            Encoding back = parameterization.ToEncoding();
            Assert.Equal((encoding.Kind, encoding.Shape), (back.Kind, back.Shape));
            Assert.Equal(Bits(encoding.Decode()), Bits(back.Decode()));
        }
    }

    [TorchFact]
    public void TheGradientOfASharedNumberIsTheSumOverThoseWhoShareIt()
    {
        byte[] indices = [0, 1, 2, 3, 1, 0, 0, 0, 1, 2];
        float[] upstream = [.. Enumerable.Range(1, 10).Select(i => (float)i)];
        Assert.Equal(
            [2 + 5 + 9, 3 + 10, 4],
            Gradient(new CodebookEncoding(new Shape(2, 5), [0, 1, 2, 3], indices, true), upstream)
        );
        Assert.Equal(
            [1 + 6 + 7 + 8, 2 + 5 + 9, 3 + 10, 4],
            Gradient(new CodebookEncoding(new Shape(2, 5), [9, 1, 2, 3], indices, false), upstream)
        );
    }

    [TorchFact]
    public void TheGradientOfAPrunedNumberIsZero() =>
        Assert.Equal(
            [1, 0, 0, 4, 0, 6],
            Gradient(new SparseEncoding(new Shape(2, 3), [0, 3, 5], [1f, 1, 1]), [1, 2, 3, 4, 5, 6])
        );

    [TorchFact]
    public void PrunedNumbersStayZeroWhateverTheOptimizerDoes()
    {
        var sparse = new SparseEncoding(new Shape(2, 3), [0, 3, 5], [1f, 2, 3]);
        using var scope = new TorchScope();
        using WeightParameterization parameterization = WeightParameterization.For(sparse);
        parameterization.Parameter.CopyFrom<float>([10, 11, 12, 13, 14, 15]);
        Assert.Equal([10f, 0, 0, 13, 0, 15], parameterization.Effective().ToArray<float>());
        Assert.Equal([10f, 0, 0, 13, 0, 15], parameterization.ToEncoding().Decode().Array<float>());
    }

    private static float[] Gradient(Encoding encoding, float[] upstream)
    {
        using var scope = new TorchScope();
        using WeightParameterization parameterization = WeightParameterization.For(encoding);
        TorchTensor effective = parameterization.Effective();
        effective.Backward(TorchTensor.From<float>(upstream, effective.Shape));
        return parameterization.Parameter.Grad!.ToArray<float>();
    }

    private static IEnumerable<uint> Bits(Tensor t) => t.Array<float>().Select(BitConverter.SingleToUInt32Bits);
}

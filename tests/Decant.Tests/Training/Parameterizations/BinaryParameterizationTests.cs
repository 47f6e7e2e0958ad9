using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Parameterizations;

[Collection("libtorch")]
public sealed class BinaryParameterizationTests
{
    private static readonly Tensor Free = Tensor.Of(new Shape(2, 3), new float[] { 0.5f, -1, 0, 2, -3, 4 });

    [TorchFact]
    public void EachOutputHasItsMeanAndGradientsPassStraight()
    {
        using var scope = new TorchScope();
        using var parameterization = new BinaryParameterization(Free);
        Assert.Equal([0.5f, -0.5f, 0.5f, 3, -3, 3], parameterization.Effective().ToArray<float>());
        parameterization.Effective().Backward(TorchTensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3));
        Assert.Equal([1f, 2, 3, 4, 5, 6], parameterization.Parameter.Grad!.ToArray<float>());
        Assert.Equal(
            parameterization.Evaluated().ToArray<float>(),
            Assert.IsType<BinaryEncoding>(parameterization.ToEncoding()).Decode().Array<float>()
        );
    }

    [TorchFact]
    public void SignsAreDrawnAsOftenAsTheNumberSaysAndTheNumberIsKept()
    {
        using var scope = new TorchScope();
        LibTorch.Seed(1);
        float[] numbers =
        [
            .. Enumerable
                .Range(0, 4000)
                .Select(i =>
                    (i % 4) switch
                    {
                        0 => -2f,
                        1 => -0.5f,
                        2 => 0.5f,
                        _ => 2f,
                    }
                ),
        ];
        using var parameterization = new BinaryParameterization(
            Tensor.Of(new Shape(1, 4000), numbers),
            1,
            isDrawn: true
        );
        float[] drawn = parameterization.Effective().ToArray<float>();
        double Share(int kind) => Enumerable.Range(0, 1000).Count(i => drawn[i * 4 + kind] > 0) / 1000.0;
        Assert.Equal((0, 1), (Share(0), Share(3)));
        Assert.InRange(Share(1), 0.2, 0.3);
        Assert.InRange(Share(2), 0.7, 0.8);
        Assert.Equal(numbers, parameterization.Evaluated().ToArray<float>());
        Assert.Equal(numbers, Assert.IsType<DenseEncoding>(parameterization.ToEncoding()).Decode().Array<float>());
    }

    [TorchFact]
    public void BinaryAndTernaryWeightsComeBackAsTheyWere()
    {
        var shape = new Shape(2, 3);
        foreach (
            Encoding encoding in new Encoding[]
            {
                new BinaryEncoding(shape, [0b101101], [0.5f]),
                new BinaryEncoding(shape, [0b101101], [0.5f, 2]),
                new TernaryEncoding(shape, [1, 0, -1, 0, 0, 1], [0.5f], [2]),
                new TernaryEncoding(shape, [1, 0, -1, 0, 0, 1], [0.5f, 2], [0.5f, 2]),
            }
        )
        {
            using WeightParameterization parameterization = WeightParameterization.For(encoding);
            Encoding back = parameterization.ToEncoding();
            Assert.Equal(encoding.Kind, back.Kind);
            float[] was = encoding.Decode().Array<float>(),
                now = back.Decode().Array<float>();
            for (int i = 0; i < was.Length; i++)
                Assert.Equal(was[i], now[i], 1e-5f);
        }
    }
}

using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Parameterizations;

[Collection("libtorch")]
public sealed class LinearParameterizationTests
{
    private static readonly Shape Shape = new(2, 3);

    [TorchFact]
    public void AGridComesBackAsItWas()
    {
        foreach (
            LinearEncoding encoding in new[]
            {
                PerChannel(),
                new LinearEncoding(Shape, 4, [0, 1, -7, 7, 3, 2], [0.5f], [-3]),
                new LinearEncoding(Shape, 12, [0, 1, -1700, 2047, 3, 2], [0.5f], []),
                new LinearEncoding(Shape, 4, [0, 1, -7, 7, 3, 2], [0.5f, 2, 4, 1], [], 1, 2),
                new LinearEncoding(Shape, 4, [0, 1, -8, 7, 3, 2], [0.5f, 2, 4], [1, 2, -3], 0, 2),
            }
        )
        {
            using WeightParameterization parameterization = WeightParameterization.For(encoding);
            Assert.Equal(
                encoding.Decode().Array<float>(),
                Assert.IsType<LinearEncoding>(parameterization.ToEncoding()).Decode().Array<float>()
            );
            using var scope = new TorchScope();
            Assert.Equal(
                encoding.Decode().Array<float>().Select(v => MathF.Round(v, 3)),
                parameterization.Effective().ToArray<float>().Select(v => MathF.Round(v, 3))
            );
        }
    }

    [TorchFact]
    public void GradientsPassWithinTheGridAndStopOutside()
    {
        using var scope = new TorchScope();
        using var parameterization = new LinearParameterization(
            PerChannel(),
            Tensor.Of(Shape, new float[] { 0.2f, 2, -9, 0.1f, 0.4f, 99 })
        );
        Assert.Equal([0f, 2, -3.5f, 0, 0.5f, 1.75f], parameterization.Effective().ToArray<float>());
        parameterization.Effective().Backward(TorchTensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3));
        Assert.Equal([1f, 2, 0, 4, 5, 0], parameterization.Parameter.Grad!.ToArray<float>());
    }

    // Esser et al. 2020, equation 3: round(v/s) − v/s within the range, −Q or P outside; here times s, for the
    // logarithm, and their share of it.
    [TorchFact]
    public void AScalesGradientIsThatOfLearnedStepSizes()
    {
        using var scope = new TorchScope();
        float[] free = [0.2f, 2.1f, -9, 0.1f, 0.3f, 99];
        using var parameterization = new LinearParameterization(
            PerChannel(),
            Tensor.Of(Shape, free),
            learnsScales: true
        );
        parameterization.Effective().Sum().Backward();
        float[] scales = [0.5f, 0.25f];
        double share = 1 / Math.Sqrt(3 * 7);
        float[] found = parameterization.Tensors[1].Tensor.Grad!.ToArray<float>();
        for (int c = 0; c < 2; c++)
        {
            double expected = free[(3 * c)..(3 * c + 3)]
                .Sum(v =>
                    v / scales[c] is var q && q > 7 ? 7
                    : q < -7 ? -7
                    : Math.Round(q) - q
                );
            Assert.Equal(expected * scales[c] * share, found[c], 1e-5);
        }
    }

    [TorchFact]
    public void TheScaleOfABlockLearnsFromItsElementsAlone()
    {
        using var scope = new TorchScope();
        float[] free = [0.2f, 2.1f, -9, 0.1f, 0.3f, 99],
            scales = [0.5f, 0.25f, 1, 2];
        using var parameterization = new LinearParameterization(
            new LinearEncoding(Shape, 4, new sbyte[6], scales, [], 1, 2),
            Tensor.Of(Shape, free),
            learnsScales: true
        );
        parameterization.Effective().Sum().Backward();
        double share = 1 / Math.Sqrt(6 / 4.0 * 7);
        float[] found = parameterization.Tensors[1].Tensor.Grad!.ToArray<float>();
        int[][] blocks =
        [
            [0, 1],
            [2],
            [3, 4],
            [5],
        ];
        for (int b = 0; b < blocks.Length; b++)
        {
            double expected = blocks[b]
                .Select(i => free[i] / scales[b])
                .Sum(q =>
                    q > 7 ? 7
                    : q < -7 ? -7
                    : Math.Round(q) - q
                );
            Assert.Equal(expected * scales[b] * share, found[b], 1e-5);
        }
    }

    private static LinearEncoding PerChannel() => new(Shape, 4, [0, 4, -7, 0, 2, 7], [0.5f, 0.25f], [], 0);
}

using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Parameterizations;

[Collection("libtorch")]
public sealed class TernaryParameterizationTests
{
    private static readonly Tensor Free = Tensor.Of(new Shape(1, 6), new float[] { 0.1f, -1, 0.2f, 2, -3, -0.3f });

    // mean|θ| = 1.1, Δ = 0.77; the mean beyond it is 2.
    [TorchFact]
    public void TernaryWeightNetworksCutAtSevenTenthsOfTheMean()
    {
        using var scope = new TorchScope();
        using var parameterization = new TernaryParameterization(Free);
        Assert.Equal([0f, -2, 0, 2, -2, 0], parameterization.Effective().ToArray<float>());
        parameterization.Effective().Backward(TorchTensor.From<float>([1, 2, 3, 4, 5, 6], 1, 6));
        Assert.Equal([1f, 2, 3, 4, 5, 6], parameterization.Parameter.Grad!.ToArray<float>());
        Assert.Equal(
            [0f, -2, 0, 2, -2, 0],
            Assert.IsType<TernaryEncoding>(parameterization.ToEncoding()).Decode().Array<float>()
        );
    }

    // Zhu et al. 2017, equations 7 and 8.
    [TorchFact]
    public void TrainedTernaryLearnsBothNumbersAndScalesGradientsByThem()
    {
        using var scope = new TorchScope();
        using var parameterization = new TernaryParameterization(Free, threshold: 0.2, (0.5f, 4));
        Assert.Equal(
            [0f, -0.5f, 0, 4, -0.5f, 0],
            parameterization.Effective().ToArray<float>().Select(v => MathF.Round(v, 5))
        );
        parameterization.Effective().Backward(TorchTensor.From<float>([1, 2, 3, 4, 5, 6], 1, 6));
        Assert.Equal(
            [1f, 1, 3, 16, 2.5f, 6],
            parameterization.Parameter.Grad!.ToArray<float>().Select(v => MathF.Round(v, 4))
        );
        // Of the logarithms: −n·Σ below, p·Σ above.
        Assert.Equal(
            [-0.5f * 7, 4 * 4],
            parameterization.Tensors[1].Tensor.Grad!.ToArray<float>().Select(v => MathF.Round(v, 4))
        );
        var encoding = Assert.IsType<TernaryEncoding>(parameterization.ToEncoding());
        Assert.Equal([0, -1, 0, 1, -1, 0], encoding.Signs.ToArray().Select(s => (int)s));
    }
}

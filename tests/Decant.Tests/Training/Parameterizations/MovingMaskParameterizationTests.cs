using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Parameterizations;

[Collection("libtorch")]
public sealed class MovingMaskParameterizationTests
{
    private static readonly DenseEncoding Dense = new(
        Tensor.Of(new Shape(2, 3), new float[] { 1, -2, 3, -0.1f, 5, -6 })
    );

    [TorchFact]
    public void ADenseWeightBeginsWholeAndASparseOneWithItsPositions()
    {
        using var scope = new TorchScope();
        using var whole = new MovingMaskParameterization(Dense, straightThrough: false);
        Assert.Equal([1f, -2, 3, -0.1f, 5, -6], whole.Effective().ToArray<float>());
        using var part = new MovingMaskParameterization(
            new SparseEncoding(new Shape(2, 3), [0, 4], [7f, 0f]),
            straightThrough: true
        );
        Assert.Equal([1f, 0, 0, 0, 1, 0], part.Mask.ToArray<float>());
        Assert.Equal([0, 4], Assert.IsType<SparseEncoding>(part.ToEncoding()).Positions.ToArray());
    }

    [TorchFact]
    public void AMaskSetIsWhatCountsAndWhatWasMaskedComesBackWithIt()
    {
        foreach (bool straightThrough in new[] { false, true })
        {
            using var scope = new TorchScope();
            using var parameterization = new MovingMaskParameterization(Dense, straightThrough);
            parameterization.SetMask(TorchTensor.From<float>([0, 1, 1, 0, 0, 1], 2, 3));
            Assert.Equal([0f, -2, 3, 0, 0, -6], parameterization.Effective().ToArray<float>());
            var encoding = Assert.IsType<SparseEncoding>(parameterization.ToEncoding());
            Assert.Equal([1, 2, 5], encoding.Positions.ToArray());
            Assert.Equal([-2f, 3, -6], encoding.Values.ToArray());
            parameterization.SetMask(TorchTensor.From<float>([1, 0, 0, 1, 1, 0], 2, 3));
            Assert.Equal([1f, 0, 0, -0.1f, 5, 0], parameterization.Effective().ToArray<float>());
        }
    }

    [TorchFact]
    public void TheGradientStopsAtTheMaskOrPassesStraightThrough()
    {
        Assert.Equal([0f, 2, 3, 0, 0, 6], Gradient(straightThrough: false));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Gradient(straightThrough: true));
    }

    [TorchFact]
    public void TheMaskIsKeptInCheckpointsButNotTrained()
    {
        using var parameterization = new MovingMaskParameterization(Dense, straightThrough: false);
        Assert.Equal(
            [("", true, true), (".mask", false, false)],
            parameterization.Tensors.Select(t => (t.Suffix, t.IsTrained, t.IsDecayed))
        );
        Assert.Same(parameterization.Mask, parameterization.Tensors[1].Tensor);
    }

    [TorchFact]
    public void ASharedWeightIsRefused() =>
        Assert.Contains(
            "codebook",
            Assert
                .Throws<ModelException>(() =>
                    new MovingMaskParameterization(new CodebookEncoding(new Shape(2), [1f], [0, 0], false), false)
                )
                .Message
        );

    private static float[] Gradient(bool straightThrough)
    {
        using var scope = new TorchScope();
        using var parameterization = new MovingMaskParameterization(Dense, straightThrough);
        parameterization.SetMask(TorchTensor.From<float>([0, 1, 1, 0, 0, 1], 2, 3));
        parameterization.Effective().Backward(TorchTensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3));
        return parameterization.Parameter.Grad!.ToArray<float>();
    }
}

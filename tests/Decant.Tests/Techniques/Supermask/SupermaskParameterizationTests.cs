using Decant.Core;
using Decant.Techniques.Supermask;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Supermask;

[Collection("libtorch")]
public sealed class SupermaskParameterizationTests
{
    private static readonly float[] Theta = [1, -2, 3, -4, 5, -6];
    private static readonly float[] Scores = [4, -4, 4, -4, -4, 4];
    private static readonly SupermaskOptions Plain = new();

    [TorchFact]
    public void TheResultKeepsWhatIsMoreLikelyThanNot()
    {
        using SupermaskParameterization parameterization = Make(Dense(), Plain);
        var sparse = Assert.IsType<SparseEncoding>(parameterization.ToEncoding());
        Assert.Equal([0, 2, 5], sparse.Positions.ToArray());
        Assert.Equal([1f, 3, -6], sparse.Values.ToArray());
    }

    [TorchFact]
    public void RescalingMultipliesByCountOverKept()
    {
        using SupermaskParameterization parameterization = Make(Dense(), Plain with { Rescale = true });
        Assert.Equal([2f, 6, -12], ((SparseEncoding)parameterization.ToEncoding()).Values.ToArray());
    }

    [TorchFact]
    public void ABinaryWeightBecomesTernary()
    {
        var binary = new BinaryEncoding(new Shape(2, 3), BinaryEncoding.SignsOf(Theta), [0.25f]);
        using SupermaskParameterization parameterization = Make(
            binary,
            Plain with
            {
                Values = SupermaskValues.SignedConstant,
                Rescale = true,
            }
        );
        var ternary = Assert.IsType<TernaryEncoding>(parameterization.ToEncoding());
        Assert.Equal([0.5f, 0, 0.5f, 0, 0, -0.5f], ternary.Decode().Array<float>());
    }

    [TorchFact]
    public void WhatIsWatchedIsTheResult()
    {
        foreach (bool sampled in new[] { false, true })
        {
            using SupermaskParameterization parameterization = Make(
                Dense(),
                Plain with
                {
                    Rescale = true,
                    Mask = sampled ? SupermaskChoice.Sampled : SupermaskChoice.Threshold,
                },
                factor: 7
            );
            using var scope = new TorchScope();
            using var noGrad = new NoGrad();
            Assert.Equal(
                parameterization.ToEncoding().Decode().Array<float>(),
                parameterization.Effective().ToArray<float>()
            );
        }
    }

    [TorchFact]
    public void NumbersAreDrawnWithTheirProbability()
    {
        const int Draws = 4000;
        using SupermaskParameterization parameterization = Make(Dense(), Plain, scores: [0, 1, -1, 2, -2, 0.5f]);
        LibTorch.Seed(3);
        var kept = new double[6];
        for (int d = 0; d < Draws; d++)
        {
            using var scope = new TorchScope();
            float[] drawn = parameterization.Effective().ToArray<float>();
            for (int i = 0; i < 6; i++)
            {
                Assert.True(drawn[i] == 0 || drawn[i] == Theta[i], $"{drawn[i]}");
                if (drawn[i] != 0)
                    kept[i] += 1.0 / Draws;
            }
        }
        // Four standard deviations of a share of one half.
        double[] expected = [0.5, 0.7310586, 0.2689414, 0.8807971, 0.1192029, 0.6224593];
        for (int i = 0; i < 6; i++)
            Assert.InRange(kept[i], expected[i] - 0.032, expected[i] + 0.032);
    }

    [TorchFact]
    public void TheGradientPassesThroughTheDrawAsIfItWereTheProbability()
    {
        using SupermaskParameterization parameterization = Make(Dense(), Plain, factor: 3);
        using var scope = new TorchScope();
        float[] upstream = [1, 2, 3, 4, 5, 6];
        parameterization.Effective().Backward(TorchTensor.From<float>(upstream, 2, 3));
        float[] gradient = parameterization.Parameter.Grad!.ToArray<float>();
        for (int i = 0; i < 6; i++)
        {
            double s = 1 / (1 + Math.Exp(-Scores[i]));
            Assert.Equal(3 * upstream[i] * Theta[i] * s * (1 - s), gradient[i], 4);
        }
    }

    [TorchFact]
    public void ASampledMaskIsDecidedByTheSeed()
    {
        int[] Drawn(ulong seed)
        {
            using var parameterization = new SupermaskParameterization(
                new Weight("w", new DenseEncoding(Tensor.Of(new Shape(400), new float[400]))),
                Plain with
                {
                    Mask = SupermaskChoice.Sampled,
                },
                new Rng(seed),
                () => 1
            );
            return ((SparseEncoding)parameterization.ToEncoding()).Positions.ToArray();
        }
        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
        Assert.InRange(Drawn(1).Length, 160, 240);
    }

    [TorchFact]
    public void AMaskThatKeepsNothingIsSaid()
    {
        using SupermaskParameterization parameterization = Make(Dense(), Plain, scores: [-1, -1, -1, -1, -1, -1]);
        Assert.Contains("'w' kept nothing", Assert.Throws<ModelException>(parameterization.ToEncoding).Message);
    }

    private static DenseEncoding Dense() => new(Tensor.Of(new Shape(2, 3), [.. Theta]));

    private static SupermaskParameterization Make(
        Encoding encoding,
        SupermaskOptions options,
        float[]? scores = null,
        double factor = 1
    )
    {
        var parameterization = new SupermaskParameterization(new Weight("w", encoding), options, new Rng(1), () =>
            factor
        );
        parameterization.Parameter.CopyFrom<float>(scores ?? Scores);
        return parameterization;
    }
}

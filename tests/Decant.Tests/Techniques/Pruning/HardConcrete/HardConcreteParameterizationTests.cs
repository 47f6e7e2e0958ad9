using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Pruning.HardConcrete;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.HardConcrete;

[Collection("libtorch")]
public sealed class HardConcreteParameterizationTests
{
    private static readonly DenseEncoding Dense = new(
        Tensor.Of(new Shape(2, 3), new float[] { 1, -2, 3, -0.5f, 5, -6 })
    );

    /// <summary>Columns of a 2×3 matrix share a gate.</summary>
    private static WeightGroups Columns => new([1, 2, 3, 1], [1, 3]);

    private static WeightGroups Alone => new([2, 3], []);

    [TorchFact]
    public void GradientsAreThoseOfFiniteDifferencesAtFixedDraws()
    {
        double[] theta = [1, -2, 3, -0.5, 5, -6],
            logAlpha = [0.3, -0.7, 1.5],
            u = [0.45, 0.6, 0.3],
            upstream = [1, 2, -1, 0.5, 3, 1];
        using var scope = new TorchScope();
        using var parameterization = new HardConcreteParameterization(
            Dense,
            Columns,
            Array.ConvertAll(logAlpha, a => (float)a)
        );
        TorchTensor loss = parameterization
            .Effective(Torch(u, 1, 1, 3, 1))
            .Mul(Torch(upstream, 2, 3))
            .Sum()
            .Add(parameterization.ExpectedCount().Mul(0.7));
        Assert.Equal(Loss(theta, logAlpha), loss.ToDouble(), 1e-4);
        loss.Backward();
        Check(theta, x => Loss(x, logAlpha), parameterization.Parameter.Grad!);
        Check(logAlpha, x => Loss(theta, x), parameterization.LogAlpha.Grad!);

        double Loss(double[] w, double[] a) =>
            Enumerable.Range(0, 6).Sum(i => upstream[i] * w[i] * HardConcreteTests.Gate(a[i % 3], u[i % 3]))
            + 0.7 * a.Sum(x => 2 * HardConcreteTests.Sigmoid(x - 2.0 / 3 * Math.Log(0.1 / 1.1)));
    }

    [TorchFact]
    public void TrainingDrawsGatesAndEvaluationDoesNot()
    {
        using var scope = new TorchScope();
        using var parameterization = new HardConcreteParameterization(Dense, Alone, new float[6]);
        LibTorch.Seed(1);
        float[] first = parameterization.Effective().ToArray<float>(),
            second = parameterization.Effective().ToArray<float>();
        LibTorch.Seed(1);
        Assert.Equal(first, parameterization.Effective().ToArray<float>());
        Assert.NotEqual(first, second);
        Assert.Equal([0.5f, -1, 1.5f, -0.25f, 2.5f, -3], parameterization.Evaluated().ToArray<float>());
        Assert.Equal(
            [0.5f, -1, 1.5f, -0.25f, 2.5f, -3],
            Assert.IsType<DenseEncoding>(parameterization.ToEncoding()).Decode().Array<float>()
        );
    }

    [TorchFact]
    public void ClosedGatesMakeASparseWeight()
    {
        using var scope = new TorchScope();
        using var parameterization = new HardConcreteParameterization(Dense, Columns, [9, -9, 9]);
        var sparse = Assert.IsType<SparseEncoding>(parameterization.ToEncoding());
        Assert.Equal([0, 2, 3, 5], sparse.Positions.ToArray());
        Assert.Equal([1f, 3, -0.5f, -6], sparse.Values.ToArray());
        Assert.Equal(4, parameterization.ExpectedCount().ToDouble(), 0.01);
    }

    [TorchFact]
    public void WhatWasPrunedBeforeStaysPrunedAndIsNotCounted()
    {
        using var scope = new TorchScope();
        using var parameterization = new HardConcreteParameterization(
            new SparseEncoding(new Shape(2, 3), [0, 2, 5], [1f, 2, 3]),
            Columns,
            [9, 9, 9]
        );
        parameterization.Parameter.CopyFrom<float>([7, 7, 7, 7, 7, 7]);
        Assert.Equal([7f, 0, 7, 0, 0, 7], parameterization.Effective().ToArray<float>());
        Assert.Equal([0, 2, 5], Assert.IsType<SparseEncoding>(parameterization.ToEncoding()).Positions.ToArray());
        Assert.Equal(3, parameterization.ExpectedCount().ToDouble(), 0.01);
    }

    [TorchFact]
    public void GatesAreTrainedButNotDecayed()
    {
        using var parameterization = new HardConcreteParameterization(Dense, Alone, new float[6]);
        Assert.Equal(
            [("", true, true), (".log-alpha", true, false)],
            parameterization.Tensors.Select(t => (t.Suffix, t.IsTrained, t.IsDecayed))
        );
    }

    private static void Check(double[] at, Func<double[], double> loss, TorchTensor gradient)
    {
        const double H = 1e-5;
        float[] actual = gradient.ToArray<float>();
        for (int i = 0; i < at.Length; i++)
        {
            double[] up = [.. at],
                down = [.. at];
            (up[i], down[i]) = (up[i] + H, down[i] - H);
            Assert.Equal((loss(up) - loss(down)) / (2 * H), actual[i], 1e-4);
        }
    }

    private static TorchTensor Torch(double[] values, params long[] sizes) =>
        TorchTensor.From<float>(Array.ConvertAll(values, v => (float)v), sizes);
}

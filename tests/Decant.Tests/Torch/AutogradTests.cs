using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class AutogradTests
{
    [TorchFact]
    public void ConvolutionGradientMatchesFiniteDifferences() =>
        CheckGradient([3, 2, 3, 3], w =>
            Input(2, 2, 6, 6)
                .Conv2d(w, null, [1, 1], [1, 1], [1, 1])
                .Tanh()
                .MaxPool2d([2, 2], [2, 2], [0, 0], [1, 1])
                .Pow(2)
                .Sum()
        );

    [TorchFact]
    public void BatchNormAndSoftmaxGradientMatchesFiniteDifferences() =>
        CheckGradient([4, 3], w =>
            w.BatchNorm(null, null, null, null, training: true).LogSoftmax(1).Mul(Input(4, 3)).Sum()
        );

    [TorchFact]
    public void GatheredClusterGradientMatchesFiniteDifferences() =>
        CheckGradient([5], centroids =>
            centroids.IndexSelect(0, TorchTensor.From<long>((long[])[0, 4, 4, 1], 4)).Exp().Mul(Input(4)).Sum()
        );

    [TorchFact]
    public void AGradientCanBeChangedOnItsWay()
    {
        using var scope = new TorchScope();
        TorchTensor x = TorchTensor.From<float>((float[])[3, -1], 2);
        x.RequiresGrad = true;
        TorchTensor between = x.Mul(2);
        between.OnGradient(g => g.Clamp(-1, 10));
        between.Mul(TorchTensor.From<float>((float[])[20, -5], 2)).Sum().Backward();
        Assert.Equal([20, -2], x.Grad!.ToArray<float>());
        TorchTensor failing = x.Mul(1);
        failing.OnGradient(_ => throw new InvalidOperationException("no way"));
        Assert.Contains(
            "what changes a gradient failed: no way",
            Assert.Throws<TorchException>(() => failing.Sum().Backward()).Message
        );
        Assert.Throws<TorchException>(() => TorchTensor.Scalar(1f).OnGradient(g => g));
    }

    [TorchFact]
    public void GradientsAccumulateUntilCleared()
    {
        using var scope = new TorchScope();
        TorchTensor x = TorchTensor.From<float>((float[])[3], 1);
        x.RequiresGrad = true;
        Assert.Null(x.Grad);
        x.Mul(2).Backward();
        x.Mul(x).Backward();
        Assert.Equal(8, x.Grad!.ToDouble());
        TorchTensor.ClearGrads([x]);
        Assert.Null(x.Grad);
        x.Mul(2).Backward(TorchTensor.From<float>((float[])[5], 1));
        Assert.Equal(10, x.Grad!.ToDouble());
        x.Grad = TorchTensor.From<float>((float[])[1], 1);
        Assert.Equal(1, x.Grad!.ToDouble());
        using (new NoGrad())
            Assert.False(x.Mul(2).RequiresGrad);
        Assert.False(x.Detach().RequiresGrad);
        Assert.Equal("backward", Assert.Throws<TorchException>(() => x.Detach().Backward()).Operator);
    }

    private static TorchTensor Input(params long[] sizes)
    {
        long count = sizes.Aggregate(1L, (a, b) => a * b);
        double[] values =
        [
            .. Enumerable.Range(0, (int)count).Select(i => Math.Sin(i * 1.7) + (0.1 * Math.Cos(i * 0.3))),
        ];
        return TorchTensor.From<double>(values, sizes);
    }

    private static void CheckGradient(long[] sizes, Func<TorchTensor, TorchTensor> loss)
    {
        using var scope = new TorchScope();
        TorchTensor x = Input(sizes).Mul(0.7).Detach();
        x.RequiresGrad = true;
        loss(x).Backward();
        double[] gradient = x.Grad!.ToArray<double>();
        const double Step = 1e-6;
        for (int i = 0; i < gradient.Length; i++)
        {
            double numeric = (Shifted(i, Step) - Shifted(i, -Step)) / (2 * Step);
            Assert.True(
                Math.Abs(numeric - gradient[i]) <= 1e-6 * (1 + Math.Abs(numeric)),
                $"[{i}] {gradient[i]} is not {numeric}"
            );
        }

        double Shifted(int at, double by)
        {
            using var inner = new TorchScope();
            using var noGrad = new NoGrad();
            TorchTensor moved = x.Clone();
            moved.AsSpan<double>()[at] += by;
            return loss(moved).ToDouble();
        }
    }
}

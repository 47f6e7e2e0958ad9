using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class TorchOpTests
{
    [TorchFact]
    public void LinearMatchesTheTripleLoop()
    {
        using var scope = new TorchScope();
        float[] x = [1, 2, 3, 4, 5, 6],
            w = [1, 0, -1, 2, 1, 0],
            b = [10, 20];
        TorchTensor y = TorchTensor
            .From<float>(x, 2, 3)
            .Linear(TorchTensor.From<float>(w, 2, 3), TorchTensor.From<float>(b, 2));
        Assert.Equal([2L, 2L], y.Shape);
        Assert.Equal([8f, 24f, 8f, 33f], y.ToArray<float>());
    }

    [TorchFact]
    public void GroupedDilatedConvolutionMatchesTheDirectSum()
    {
        LibTorch.Seed(5);
        using var scope = new TorchScope();
        TorchTensor x = Ops.Randn([2, 4, 9, 8]),
            w = Ops.Randn([6, 2, 3, 2]),
            b = Ops.Randn([6]);
        TorchTensor y = x.ConstantPad([1, 0, 0, 2]).Conv2d(w, b, [2, 1], [0, 0], [2, 3], groups: 2);
        float[] expected = Convolve(x.ToArray<float>(), w.ToArray<float>(), b.ToArray<float>());
        Assert.Equal([2L, 6L, 4L, 6L], y.Shape);
        Close(expected, y.ToArray<float>(), 1e-4f);
    }

    [TorchFact]
    public void PoolingHonoursCeilMode()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Arange(0, 25, type: TorchType.Float32).Reshape(1, 1, 5, 5);
        Assert.Equal([6f, 8f, 16f, 18f], x.MaxPool2d([2, 2], [2, 2], [0, 0], [1, 1]).ToArray<float>());
        Assert.Equal(
            [6f, 8f, 9f, 16f, 18f, 19f, 21f, 23f, 24f],
            x.MaxPool2d([2, 2], [2, 2], [0, 0], [1, 1], ceilMode: true).ToArray<float>()
        );
        Assert.Equal([3f, 5f, 13f, 15f], x.AvgPool2d([2, 2], [2, 2], [0, 0]).ToArray<float>());
        Assert.Equal([12f], x.AdaptiveAvgPool2d([1, 1]).ToArray<float>());
    }

    [TorchFact]
    public void BatchNormTrainsOnTheBatchAndMovesTheRunningStatistics()
    {
        using var scope = new TorchScope();
        TorchTensor x = TorchTensor.From<float>((float[])[1, 10, 3, 20, 5, 30, 7, 40], 4, 2);
        TorchTensor mean = Ops.Zeros([2]),
            variance = Ops.Ones([2]);
        float[] y = x.BatchNorm(null, null, mean, variance, training: true, momentum: 0.5, epsilon: 0).ToArray<float>();
        float unit = 1 / MathF.Sqrt(5);
        Close([-3 * unit, -3 * unit, -unit, -unit, unit, unit, 3 * unit, 3 * unit], y, 1e-5f);
        Close([2, 12.5f], mean.ToArray<float>(), 1e-5f);
        Close([0.5f + (20f / 6), 0.5f + (500f / 6)], variance.ToArray<float>(), 1e-4f);
        float[] inference = x.BatchNorm(null, null, mean, variance, training: false, epsilon: 0).ToArray<float>();
        Close([(1 - 2) / MathF.Sqrt(0.5f + (20f / 6))], inference.AsSpan(0, 1), 1e-5f);
    }

    [TorchFact]
    public void CrossEntropySmoothsLabels()
    {
        using var scope = new TorchScope();
        TorchTensor logits = TorchTensor.From<float>((float[])[1, 2, 0.5f], 1, 3);
        double norm = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(0.5));
        TorchTensor label = TorchTensor.From<long>((long[])[1], 1);
        Assert.Equal(norm - 2, logits.CrossEntropy(label).ToDouble(), 5);
        double smooth = (0.9 * (norm - 2)) + (0.1 / 3 * ((3 * norm) - 3.5));
        Assert.Equal(smooth, logits.CrossEntropy(label, labelSmoothing: 0.1).ToDouble(), 5);
    }

    [TorchFact]
    public void IndexingTakesWholeDimensionsForNull()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Arange(0, 6).Reshape(2, 3),
            columns = TorchTensor.From<long>((long[])[2, 0], 2);
        Assert.Equal([2L, 0L, 5L, 3L], x.Index(null, columns).ToArray<long>());
        Assert.Equal([2L, 0L, 5L, 3L], x.IndexSelect(1, columns).ToArray<long>());
        x.IndexPut_([null, columns], TorchTensor.From<long>((long[])[-1], 1));
        Assert.Equal([-1L, 1L, -1L, -1L, 4L, -1L], x.ToArray<long>());
        TorchTensor source = Ops.Arange(10, 14).Reshape(2, 2);
        Assert.Equal(
            [11L, 0L, 10L, 13L, 0L, 12L],
            Ops.Zeros([2, 3], TorchType.Int64).IndexAdd(1, columns, source).ToArray<long>()
        );
    }

    [TorchFact]
    public void ShapesAndSelectionsMatchTheirDefinitions()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Arange(0, 6).Reshape(2, 3);
        Assert.Equal([0L, 3L, 1L, 4L, 2L, 5L], x.Transpose(0, 1).ToArray<long>());
        Assert.Equal([1L, 2L, 4L, 5L], x.Slice(1, 1, 3).ToArray<long>());
        Assert.Equal([0L, 1L, 2L, 3L, 4L, 5L, 0L, 1L, 2L, 3L, 4L, 5L], Ops.Cat([x, x], 0).ToArray<long>());
        Assert.Equal([2L, 2L], x.ArgMax(1).ToArray<long>());
        Assert.Equal([5L, 4L], x.Flatten(0).TopK(2).Values.ToArray<long>());
        Assert.Equal([3L, 5L, 7L], x.Sum([0]).ToArray<long>());
        Assert.Equal([true, false, false, false, false, false], x.Eq(0).ToArray<bool>());
        TorchTensor[] parts = x.Split([1, 2], 1);
        Assert.Equal([0L, 3L], parts[0].ToArray<long>());
        Assert.Equal([1L, 2L, 4L, 5L], parts[1].ToArray<long>());
    }

    [TorchFact]
    public void ManyResultsAllArriveAndLeave()
    {
        using var scope = new TorchScope();
        TorchTensor[] rows = Ops.Arange(0, 400).Reshape(400, 1).Split([.. Enumerable.Repeat(1L, 400)], 0);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), rows.Select(r => r.ToInt64()));
        Assert.Equal(400, Ops.Cat(rows, 0).ElementCount);
        Assert.Contains(
            "CallMany",
            Assert.Throws<TorchException>(() => TorchOp.Find("aten::unbind.int").Call(rows[0].Expand(20, 1))).Message
        );
    }

    [TorchFact]
    public void ErrorsCarryTheOperatorAndOneLine()
    {
        using var scope = new TorchScope();
        TorchTensor a = Ops.Zeros([2, 3]),
            b = Ops.Zeros([4, 5]);
        var error = Assert.Throws<TorchException>(() => a.MatMul(b));
        Assert.Equal("aten::matmul", error.Operator);
        Assert.StartsWith("aten::matmul: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains(
            "could not find",
            Assert.Throws<TorchException>(() => TorchOp.Find("aten::no_such")).Message,
            StringComparison.OrdinalIgnoreCase
        );
    }

    [TorchFact]
    public void WrongArgumentsAreNamed()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Zeros([2, 3]);
        var softmax = TorchOp.Find("aten::softmax.int");
        Assert.Contains(
            "argument 1 (dim) wants int, given a double",
            Assert.Throws<TorchException>(() => softmax.Call(x, 0.5)).Message
        );
        Assert.Contains(
            "argument 0 (self) wants Tensor, given none",
            Assert.Throws<TorchException>(() => softmax.Call(default, 0)).Message
        );
        Assert.Contains(
            "argument 1 (dim, int) is missing",
            Assert.Throws<TorchException>(() => softmax.Call(x)).Message
        );
        Assert.Contains(
            "takes 3 arguments, given 4",
            Assert.Throws<TorchException>(() => softmax.Call(x, 0, default, 1)).Message
        );
        TorchOp cat = TorchOp.Find("aten::cat");
        Assert.Throws<TorchException>(() => cat.Call((TorchTensor?[])[x, null], 0));
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.Relu());
    }

    [TorchFact]
    public void InPlaceCallsAllocateNothing()
    {
        using var scope = new TorchScope();
        TorchTensor x = Ops.Ones([4]),
            y = Ops.Ones([4]);
        TorchTensor[] list = [x];
        for (int i = 0; i < 100; i++)
            Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            x.Add_(y, 0.5);
            Ops.ForeachMul_(list, 0.5);
        }
    }

    internal static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                MathF.Abs(expected[i] - actual[i]) <= tolerance,
                $"[{i}] {actual[i]} is not {expected[i]} ± {tolerance}"
            );
    }

    /// <summary>
    /// [2, 4, 9, 8] padded by one column before and two rows after; 6 filters of [2, 3, 2], stride 2×1, dilation 2×3.
    /// </summary>
    private static float[] Convolve(float[] x, float[] w, float[] b)
    {
        var y = new float[2 * 6 * 4 * 6];
        for (int i = 0; i < y.Length; i++)
        {
            int column = i % 6,
                row = i / 6 % 4,
                filter = i / 24 % 6,
                image = i / 144;
            double sum = b[filter];
            for (int k = 0; k < 12; k++)
            {
                int kx = k % 2,
                    ky = k / 2 % 3,
                    channel = (filter / 3 * 2) + (k / 6);
                int sy = (row * 2) + (ky * 2),
                    sx = column + (kx * 3) - 1;
                if (sy < 9 && sx is >= 0 and < 8)
                    sum += (double)x[(((image * 4) + channel) * 72) + (sy * 8) + sx] * w[(filter * 12) + k];
            }

            y[i] = (float)sum;
        }

        return y;
    }
}

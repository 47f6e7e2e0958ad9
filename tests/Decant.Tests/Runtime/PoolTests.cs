using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class PoolTests
{
    [Fact]
    public void RandomPoolingsEqualTheirDefinition()
    {
        var rng = new Rng(5);
        for (int trial = 0; trial < 120; trial++)
            Compare(rng, 1 + trial % 3);
    }

    [Fact]
    public void CeilModeTakesAPartialWindowButNoneThatStartsInThePadding()
    {
        Tensor x = Tensor.Of(new Shape(1, 1, 4), new float[] { 1, 2, 3, 4 });
        Attributes a = With(("kernel_shape", Ints(3)), ("strides", Ints(2)), ("ceil_mode", 1L));
        Assert.Equal([3, 4], Run("MaxPool", a, x).Array<float>());
        Assert.Equal([2, 3.5f], Run("AveragePool", a, x).Array<float>());
        Tensor y = Run(
            "MaxPool",
            With(("kernel_shape", Ints(2)), ("strides", Ints(4)), ("ceil_mode", 1L), ("pads", Ints(0, 1))),
            x
        );
        Assert.Equal([2], y.Array<float>());
    }

    [Fact]
    public void WhatLiesBeyondThePaddingDoesNotCount()
    {
        Tensor x = Tensor.Of(new Shape(1, 1, 4), new float[] { 1, 2, 3, 4 });
        Attributes a = With(
            ("kernel_shape", Ints(4)),
            ("strides", Ints(3)),
            ("ceil_mode", 1L),
            ("pads", Ints(0, 1)),
            ("count_include_pad", 1L)
        );
        Assert.Equal([2.5f, 2], Run("AveragePool", a, x).Array<float>());
    }

    [Fact]
    public void PlacesOfMaxima()
    {
        Tensor x = Tensor.Of(new Shape(1, 2, 2, 3), new float[] { 1, 9, 3, 4, 5, 6, 7, 8, 8, 0, 1, 2 });
        Attributes a = With(("kernel_shape", Ints(2, 3)));
        Assert.Equal([1, 7], RunAll("MaxPool", a, 2, 1, x)[1].Array<long>());
        Assert.Equal([2, 8], RunAll("MaxPool", a.With("storage_order", 1L), 2, 1, x)[1].Array<long>());
    }

    [Fact]
    public void ElementTypesAndOddNumbers()
    {
        Attributes a = With(("kernel_shape", Ints(2)));
        Assert.Equal([7, 7], Run("MaxPool", a, Tensor.Of(new Shape(1, 1, 3), new byte[] { 0, 7, 2 })).Array<byte>());
        Assert.Equal(
            [-2, -2],
            Run("MaxPool", a, Tensor.Of(new Shape(1, 1, 3), new sbyte[] { -128, -2, -3 })).Array<sbyte>()
        );
        Assert.Equal(
            [(Half)1, (Half)2],
            Run("MaxPool", a, Tensor.Of(new Shape(1, 1, 3), new[] { (Half)1, (Half)0, (Half)2 })).Array<Half>()
        );
        float[] odd = Run(
                "MaxPool",
                a,
                Tensor.Of(new Shape(1, 1, 4), new[] { float.NegativeInfinity, float.NegativeInfinity, float.NaN, 1 })
            )
            .Array<float>();
        Assert.Equal([float.NegativeInfinity, float.NaN, float.NaN], odd);
        Assert.Throws<ModelException>(() => Run("MaxPool", a, Tensor.Of(new Shape(1, 1, 3), new int[3])));
    }

    [Fact]
    public void GlobalAverage()
    {
        Tensor x = Tensor.Of(new Shape(1, 2, 1, 2, 2), new float[] { 1, 2, 3, 4, 5, 5, 5, 9 });
        Tensor y = Run("GlobalAveragePool", With(), x);
        Assert.Equal("1×2×1×1×1", y.Shape.ToString());
        Assert.Equal([2.5f, 6], y.Array<float>());
        Assert.Equal([2.5, 6], Run("GlobalAveragePool", With(), Doubles(x)).Array<double>());
    }

    [Theory]
    [InlineData("pads", new[] { 1, 1, 1 }, "3 pads for 1 spatial axes; there must be 2")]
    [InlineData("strides", new[] { 1, 1 }, "2 strides for 1 spatial axes")]
    [InlineData("dilations", new[] { 1, 1 }, "2 dilations for 1 spatial axes")]
    [InlineData("dilations", new[] { 500_000_000 }, "does not fit an input of 3")]
    [InlineData("kernel_shape", new[] { 2, 2 }, "a window of 2 axes on an input of shape 1×1×3")]
    public void WindowsThatDoNotFitAreSaid(string attribute, int[] values, string reason)
    {
        Attributes attributes = With(("kernel_shape", Ints(500))).With(attribute, Ints(values));
        Assert.Contains(
            reason,
            Assert.Throws<ModelException>(() => Run("MaxPool", attributes, Random(new Rng(1), 1, 1, 3))).Message
        );
    }

    private static void Compare(Rng rng, int rank)
    {
        int[] Draw(int low, int high) => [.. Enumerable.Range(0, rank).Select(_ => low + rng.Next(high - low + 1))];
        int[] kernel = Draw(1, 4),
            stride = Draw(1, 3),
            dilation = Draw(1, 2);
        int[] before = [.. kernel.Select(k => rng.Next(k))],
            after = [.. kernel.Select(k => rng.Next(k))];
        int[] input = [.. Draw(0, rank == 3 ? 3 : 8).Select((d, i) => d + (kernel[i] - 1) * dilation[i] + 1)];
        bool ceil = rng.Next(2) == 1,
            countPad = rng.Next(2) == 1;
        int[] output =
        [
            .. Enumerable
                .Range(0, rank)
                .Select(i => Extent(input[i], kernel[i], stride[i], dilation[i], before[i], after[i], ceil)),
        ];
        Tensor x = Random(rng, [2, 3, .. input]);
        Attributes attributes = With(
            ("kernel_shape", Ints(kernel)),
            ("strides", Ints(stride)),
            ("dilations", Ints(dilation)),
            ("pads", Ints([.. before, .. after])),
            ("ceil_mode", ceil ? 1L : 0L)
        );
        List<float> maxima = [],
            means = [];
        foreach (int[] o in Coordinates([2, 3, .. output]))
        {
            int[][] taps =
            [
                .. Coordinates(kernel)
                    .Select(k =>
                        Enumerable
                            .Range(0, rank)
                            .Select(i => o[i + 2] * stride[i] + k[i] * dilation[i] - before[i])
                            .ToArray()
                    ),
            ];
            float[] seen =
            [
                .. taps.Where(t => !t.Where((a, i) => a < 0 || a >= input[i]).Any())
                    .Select(t => x.Span<float>()[Index([.. x.Shape.Dims], [o[0], o[1], .. t])]),
            ];
            int padded = taps.Count(t => !t.Where((a, i) => a >= input[i] + after[i]).Any());
            maxima.Add(seen.Length == 0 ? float.NegativeInfinity : seen.Max());
            means.Add((float)(seen.Sum(v => (double)v) / (countPad ? padded : seen.Length)));
        }
        Assert.Equal(maxima, Run("MaxPool", attributes, x).Array<float>());
        Tensor mean = Run("AveragePool", attributes.With("count_include_pad", countPad ? 1L : 0L), x);
        for (int i = 0; i < means.Count; i++)
            Assert.True(
                float.IsNaN(means[i])
                    ? float.IsNaN(mean.Span<float>()[i])
                    : Math.Abs(means[i] - mean.Span<float>()[i]) < 1e-5,
                $"{i}: {means[i]} {mean.Span<float>()[i]}"
            );
    }

    /// <summary>Counts window starts one by one, by the words of the standard.</summary>
    private static int Extent(int input, int kernel, int stride, int dilation, int before, int after, bool ceil)
    {
        int n = 0,
            reach = (kernel - 1) * dilation + 1,
            previousEnd = int.MinValue;
        for (int start = -before; ; start += stride, n++)
        {
            bool whole = start + reach <= input + after;
            bool partial = ceil && start < input && previousEnd < input + after;
            if (!whole && !partial)
                return n;
            previousEnd = start + reach;
        }
    }
}

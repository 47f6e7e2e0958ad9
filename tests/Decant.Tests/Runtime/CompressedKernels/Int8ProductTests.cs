using System.Runtime.Intrinsics.X86;
using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels.Int8;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

public sealed class Int8ProductTests
{
    [Theory]
    [InlineData(1, 4, 16)]
    [InlineData(1, 37, 33)]
    [InlineData(2, 8, 1)]
    [InlineData(7, 129, 17)]
    [InlineData(13, 64, 40)]
    public void EveryWidthGivesTheExactSums(int rows, int depth, int outputs)
    {
        foreach (bool signed in new[] { false, true })
        {
            var rng = new Rng((ulong)(rows + depth));
            byte[] x = Bytes(rng, rows * depth + 3);
            sbyte[] w = [.. Bytes(rng, outputs * depth).Select(b => (sbyte)b)];
            w.AsSpan(0, depth).Fill(-128);
            x.AsSpan(0, depth).Fill((byte)(signed ? 127 : 255));
            var weights = new Int8Weights(w, outputs, 1, depth);
            int[] bias = [.. Enumerable.Range(0, outputs).Select(_ => rng.Next(2000) - 1000)];
            int zero = signed ? -3 : 7;
            var by = new Requantization(weights, zero, signed, [1f], bias);
            int[] expected =
            [
                .. Enumerable
                    .Range(0, rows * outputs)
                    .Select(i =>
                        bias[i % outputs]
                        + Enumerable
                            .Range(0, depth)
                            .Sum(k =>
                                ((signed ? (sbyte)x[i / outputs * depth + k] : x[i / outputs * depth + k]) - zero)
                                * w[i % outputs * depth + k]
                            )
                    ),
            ];
            foreach (var (product, width) in Ways(weights))
            {
                var y = new int[rows * outputs];
                var from = Int8Rows.Matrix(rows, depth, signed);
                int half = rows / 2,
                    panels = weights.Panels / 2;
                foreach (
                    var part in new[]
                    {
                        new Int8Part(0, half, 0, weights.Panels),
                        new(half, rows, 0, panels),
                        new(half, rows, panels, weights.Panels),
                    }
                )
                    product.ToSums(x, from, y, Int8Rows.Matrix(rows, outputs, false), by, part, width);
                Assert.Equal(expected, y);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(3, 3, 3, 1, 1)]
    [InlineData(5, 3, 3, 2, 1)]
    [InlineData(4, 3, 2, 1, 2)]
    [InlineData(16, 1, 1, 2, 1)]
    public void AConvolutionIsAProductOfItsWindows(int channels, int kh, int kw, int stride, int lineDilation)
    {
        const int Height = 9,
            Width = 8,
            Outputs = 18;
        var rng = new Rng((ulong)(channels * kh));
        byte[] x = Bytes(rng, Height * Width * channels + 3);
        sbyte[] w = [.. Bytes(rng, Outputs * kh * kw * channels).Select(b => (sbyte)b)];
        int high = (Height - (kh - 1) * lineDilation - 1) / stride + 1,
            wide = (Width - kw) / stride + 1;
        var weights = new Int8Weights(w, Outputs, kh, kw * channels);
        var rows = new Int8Rows(
            high * wide,
            stride * channels,
            lineDilation * Width * channels,
            wide,
            stride * Width * channels,
            false
        );
        // The output has a border of one pixel.
        var to = new Int8Rows(high * wide, Outputs, 0, wide, (wide + 2) * Outputs, false);
        var by = new Requantization(weights, 128, false, [1f]);
        foreach (var (product, width) in Ways(weights))
        {
            var y = new int[(high + 2) * (wide + 2) * Outputs];
            product.ToSums(x, rows, y.AsSpan((wide + 3) * Outputs), to, by, Int8Part.Whole(rows, weights), width);
            for (int i = 0; i < y.Length; i++)
            {
                int o = i % Outputs,
                    row = i / Outputs / (wide + 2) - 1,
                    column = i / Outputs % (wide + 2) - 1,
                    sum = 0;
                if (row >= 0 && row < high && column >= 0 && column < wide)
                    for (int t = 0; t < kh * kw * channels; t++)
                        sum +=
                            w[o * kh * kw * channels + t]
                            * (
                                x[
                                    ((row * stride + t / channels / kw * lineDilation) * Width + column * stride)
                                        * channels
                                        + t % (kw * channels)
                                ] - 128
                            );
                Assert.Equal(sum, y[i]);
            }
        }
    }

    [Fact]
    public void ResultsAreRoundedHalfToEvenAndHeldWithinTheirRange()
    {
        // One row; weight i is i - 20, input 1: sums are -20 to 19, halved.
        sbyte[] w = [.. Enumerable.Range(-20, 40).Select(i => (sbyte)i)];
        var weights = new Int8Weights(w, 40, 1, 1);
        foreach (var (product, width) in Ways(weights))
        {
            var y = new byte[40];
            var rows = Int8Rows.Matrix(1, 1, false);
            var to = Int8Rows.Matrix(1, 40, false);
            product.ToBytes(
                new byte[] { 1, 0, 0, 0 },
                rows,
                y,
                to,
                new Requantization(weights, 0, false, [0.5f])
                {
                    Zero = 5,
                    Low = 1,
                    High = 11,
                },
                [],
                to,
                Int8Part.Whole(rows, weights),
                width
            );
            Assert.Equal(
                Enumerable
                    .Range(-20, 40)
                    .Select(i => (byte)Math.Clamp(Math.Round(i * 0.5, MidpointRounding.ToEven) + 5, 1, 11)),
                y
            );
            byte[] residual = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * 7))];
            product.ToBytes(
                new byte[] { 1, 0, 0, 0 },
                rows,
                y,
                to,
                new Requantization(weights, 0, false, [0.5f])
                {
                    Low = -128,
                    High = 127,
                    ResidualScale = 0.25f,
                    ResidualZero = -2,
                    ResidualSigned = true,
                },
                residual,
                to,
                Int8Part.Whole(rows, weights),
                width
            );
            Assert.Equal(
                Enumerable
                    .Range(-20, 40)
                    .Select(
                        (i, k) =>
                            (byte)
                                (sbyte)
                                    Math.Clamp(
                                        Math.Round(i * 0.5 + ((sbyte)residual[k] + 2) * 0.25, MidpointRounding.ToEven),
                                        -128,
                                        127
                                    )
                    ),
                y
            );
            var floats = new float[40];
            product.ToFloats(
                new byte[] { 1, 0, 0, 0 },
                rows,
                floats,
                to,
                new Requantization(weights, 0, false, [0.5f]) { Relu = true },
                Int8Part.Whole(rows, weights),
                width
            );
            Assert.Equal(Enumerable.Range(-20, 40).Select(i => Math.Max(0, i * 0.5f)), floats);
        }
    }

    [Fact]
    public void WhatReachesOutsideIsRefused()
    {
        var weights = new Int8Weights(new sbyte[12], 2, 1, 6);
        var product = new Int8Product(weights);
        var by = new Requantization(weights, 0, false, [1f]);
        Int8Rows rows = Int8Rows.Matrix(3, 6, false),
            to = Int8Rows.Matrix(3, 2, false);
        var whole = Int8Part.Whole(rows, weights);
        product.ToSums(new byte[20], rows, new int[6], to, by, whole, VectorWidth.Scalar);
        Assert.Throws<ArgumentException>(() =>
            product.ToSums(new byte[19], rows, new int[6], to, by, whole, VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            product.ToSums(new byte[20], rows, new int[5], to, by, whole, VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            product.ToSums(new byte[20], rows, new int[6], to, by, whole with { ToRow = 4 }, VectorWidth.Scalar)
        );
        Assert.Throws<ModelException>(() =>
            new Int8Weights(new sbyte[Int8Weights.MaxDepth + 1], 1, 1, Int8Weights.MaxDepth + 1)
        );
    }

    private static IEnumerable<(Int8Product Product, VectorWidth Width)> Ways(Int8Weights weights) =>
        VectorWidths
            .All.Select(w => (new Int8Product(weights, false), w))
            .Concat(AvxVnni.IsSupported ? [(new Int8Product(weights), VectorWidth.V256)] : []);

    private static byte[] Bytes(Rng rng, int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)rng.Next(256))];
}

using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Binary;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

public sealed class BinaryConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1, 0)]
    [InlineData(6, 3, 5, 4, 3, 1, 1)]
    [InlineData(64, 130, 14, 14, 3, 1, 1)]
    [InlineData(7, 20, 9, 17, 3, 2, 1)]
    [InlineData(256, 10, 5, 5, 5, 1, 2)]
    [InlineData(300, 65, 1, 1, 1, 1, 0)]
    public void EveryWidthGivesTheConvolutionOfSigns(
        int channels,
        int outputs,
        int height,
        int width,
        int kernel,
        int stride,
        int padding
    )
    {
        var rng = new Rng((ulong)(channels + outputs));
        float[] x = Thinned.Numbers(rng, channels * height * width),
            w = Thinned.Numbers(rng, outputs * channels * kernel * kernel);
        float[] scales = Thinned.Numbers(rng, outputs),
            bias = Thinned.Numbers(rng, outputs);
        (x[0], x[^1]) = (0, -0f);
        var weight = new BinaryEncoding(
            new Shape(outputs, channels, kernel, kernel),
            BinaryEncoding.SignsOf(w),
            scales
        );
        ImmutableArray<long> Pair(long n) => [n, n];
        float[] expected = OneNode
            .Run(
                "Conv",
                OneNode.With(
                    ("strides", Pair(stride)),
                    ("pads", ImmutableArray.Create<long>(padding, padding, padding, padding)),
                    ("kernel_shape", Pair(kernel))
                ),
                Tensor.Of(new Shape(1, channels, height, width), Array.ConvertAll(x, v => v < 0 ? -1f : 1)),
                Tensor.Of(weight.Shape, Array.ConvertAll(w, v => v < 0 ? -1f : 1))
            )
            .Array<float>();
        var plan = new BinaryConvolutionGeometry
        {
            Channels = channels,
            InputHeight = height,
            InputWidth = width,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            Top = padding,
            Left = padding,
            Bottom = padding,
            Right = padding,
        };
        for (int i = 0; i < expected.Length; i++)
            expected[i] = Math.Max(0, expected[i] * scales[i / plan.OutputPlane] + bias[i / plan.OutputPlane]);
        foreach (VectorWidth v in VectorWidths.All)
        {
            var convolution = new BinaryConvolution(
                weight.Signs,
                weight.Scales,
                outputs,
                plan,
                new Epilogue(bias, true),
                v
            );
            byte[] planes = new byte[convolution.PackedLength],
                together = new byte[convolution.PackedLength];
            convolution.Pack(x, height * width, 1, planes);
            float[] pixels =
            [
                .. Enumerable.Range(0, x.Length).Select(i => x[i % channels * height * width + i / channels]),
            ];
            convolution.Pack(pixels, 1, channels, together);
            Assert.Equal(planes, together);
            float[] y = new float[expected.Length],
                z = new float[expected.Length];
            int half = plan.OutputPlane / 2;
            convolution.Run(planes, y, plan.OutputPlane, 1, half, plan.OutputPlane, new ushort[convolution.Scratch]);
            convolution.Run(planes, y, plan.OutputPlane, 1, 0, half, new ushort[convolution.Scratch]);
            convolution.Run(planes, z, 1, outputs, 0, plan.OutputPlane, new ushort[convolution.Scratch]);
            Assert.Equal(expected, y);
            Assert.Equal(
                expected,
                Enumerable.Range(0, z.Length).Select(i => z[i % plan.OutputPlane * outputs + i / plan.OutputPlane])
            );
        }
    }

    [Fact]
    public void WhatReachesOutsideIsRefused()
    {
        var plan = new BinaryConvolutionGeometry
        {
            Channels = 3,
            InputHeight = 4,
            InputWidth = 4,
        };
        var convolution = new BinaryConvolution(new byte[1], [1f], 2, plan, Epilogue.Nothing, VectorWidth.Scalar);
        var packed = new byte[convolution.PackedLength];
        Assert.Throws<ArgumentException>(() => convolution.Pack(new float[47], 16, 1, packed));
        Assert.Throws<ArgumentException>(() =>
            convolution.Run(packed, new float[31], 16, 1, 0, 16, new ushort[convolution.Scratch])
        );
        Assert.Throws<ArgumentException>(() => convolution.Run(packed, new float[32], 16, 1, 0, 17, new ushort[1000]));
        Assert.Throws<ArgumentException>(() =>
            new BinaryConvolution(new byte[1], [1f], 3, plan, Epilogue.Nothing, VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() => (plan with { KernelWidth = 5 }).Check());
    }
}

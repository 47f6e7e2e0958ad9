using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Sparse;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

public sealed class SparseConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int> Cases =>
        new()
        {
            // channels, groups, outputs, height, width, kernel, stride, dilation, padding
            { 1, 1, 20, 28, 28, 5, 1, 1, 0 },
            { 20, 1, 7, 12, 12, 5, 1, 1, 0 },
            { 3, 1, 4, 9, 7, 3, 1, 1, 1 },
            { 4, 2, 6, 10, 11, 3, 2, 1, 1 },
            { 4, 4, 8, 17, 40, 3, 3, 1, 2 },
            { 2, 1, 3, 11, 9, 3, 1, 2, 2 },
            { 5, 1, 3, 14, 14, 1, 1, 1, 0 },
            { 5, 1, 3, 15, 14, 1, 2, 1, 0 },
            { 2, 1, 2, 1, 1, 1, 1, 1, 0 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryWidthGivesTheConvolutionAndTheSameBits(
        int channels,
        int groups,
        int outputs,
        int height,
        int width,
        int kernel,
        int stride,
        int dilation,
        int padding
    )
    {
        var rng = new Rng((ulong)(channels * height + kernel));
        int depth = channels / groups * kernel * kernel;
        float[] w = Thinned.Numbers(rng, outputs * depth, 0.3),
            bias = Thinned.Numbers(rng, outputs),
            x = Thinned.Numbers(rng, channels * height * width);
        ImmutableArray<long> Pair(long n) => [n, n];
        Tensor expected = OneNode.Run(
            "Conv",
            OneNode.With(
                ("group", (long)groups),
                ("strides", Pair(stride)),
                ("dilations", Pair(dilation)),
                ("pads", ImmutableArray.Create<long>(padding, padding, padding, padding)),
                ("kernel_shape", Pair(kernel))
            ),
            Tensor.Of(new Shape(1, channels, height, width), x),
            Tensor.Of(new Shape(outputs, channels / groups, kernel, kernel), w),
            Tensor.Vector(bias)
        );
        float[] relu = [.. expected.Array<float>().Select(v => Math.Max(0, v))];
        var unaligned = new SparseConvolutionGeometry
        {
            Channels = channels,
            Groups = groups,
            InputHeight = height,
            InputWidth = width,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            DilationY = dilation,
            DilationX = dilation,
            Top = padding,
            Left = padding,
            Bottom = padding,
            Right = padding,
        }.Check();
        Assert.True(unaligned.Fitted(1_000_000).IsAligned);
        Assert.False(kernel > 1 && unaligned.Fitted(1).IsAligned);
        Assert.False(unaligned.Fitted(1_000_000, 16).IsAligned);
        foreach (SparseConvolutionGeometry plan in new[] { unaligned, unaligned.Fitted(1_000_000) })
            Compare(plan, x, w, new Epilogue(bias, true), relu);
    }

    private static void Compare(SparseConvolutionGeometry plan, float[] x, float[] w, Epilogue finish, float[] expected)
    {
        int outputs = finish.Bias!.Length;
        float[] packed = new float[plan.PackedLength];
        if (plan.IsPacked)
            x.CopyTo(packed, 0);
        else
            plan.Pack(x, packed, 0, plan.Channels);
        var convolution = new SparseConvolution(SparseRows.Of(w, outputs, w.Length / outputs), plan, finish);
        float[]? scalar = null;
        foreach (VectorWidth v in VectorWidths.All)
        {
            var y = new float[outputs * plan.OutputPlane];
            Array.Fill(y, float.NaN);
            convolution.Run(packed, y, outputs / 2, outputs, new float[plan.Scratch], v);
            convolution.Run(packed, y, 0, outputs / 2, new float[plan.Scratch], v);
            scalar ??= y;
            Assert.Equal(scalar, y);
            Assert.True(Thinned.Distance(expected, y) < 1e-5);
        }
    }

    [Fact]
    public void ArraysThatAreTooShortAreRefused()
    {
        var plan = new SparseConvolutionGeometry
        {
            InputHeight = 4,
            InputWidth = 4,
            KernelHeight = 3,
            KernelWidth = 3,
        };
        var convolution = new SparseConvolution(SparseRows.Of(new float[18], 2, 9), plan, Epilogue.Nothing);
        Assert.Throws<ArgumentException>(() =>
            convolution.Run(new float[16], new float[8], 0, 2, new float[plan.Scratch], VectorWidth.Scalar)
        );
        Assert.Throws<ArgumentException>(() =>
            convolution.Run(
                new float[plan.PackedLength],
                new float[7],
                0,
                2,
                new float[plan.Scratch],
                VectorWidth.Scalar
            )
        );
        Assert.Throws<ArgumentException>(() => (plan with { InputWidth = 2 }).Check());
    }
}

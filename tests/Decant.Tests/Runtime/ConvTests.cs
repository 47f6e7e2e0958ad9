using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class ConvTests
{
    [Fact]
    public void AHandComputedCase()
    {
        Tensor x = Tensor.Of(new Shape(1, 1, 3, 3), new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 });
        Tensor w = Tensor.Of(new Shape(1, 1, 2, 2), new float[] { 1, 0, 0, -1 });
        Tensor y = Run("Conv", With(("pads", Ints(0, 0, 1, 1))), x, w, Tensor.Vector(10f));
        Assert.Equal("1×1×3×3", y.Shape.ToString());
        Assert.Equal([6, 6, 13, 6, 6, 16, 17, 18, 19], y.Array<float>());
    }

    [Fact]
    public void RandomConvolutionsEqualTheirDefinition()
    {
        var rng = new Rng(3);
        for (int trial = 0; trial < 75; trial++)
            Compare(rng, 1 + trial % 3, new ConvCase(rng, 1 + trial % 3));
    }

    [Theory]
    [InlineData("SAME_UPPER", new float[] { 3, 7, 5 })]
    [InlineData("SAME_LOWER", new float[] { 1, 5, 9 })]
    [InlineData("VALID", new float[] { 3, 7 })]
    public void AutoPadPutsTheOddOneWhereItSays(string mode, float[] expected)
    {
        Tensor x = Tensor.Of(new Shape(1, 1, 5), new float[] { 1, 2, 3, 4, 5 }),
            w = Tensor.Of(new Shape(1, 1, 2), new float[] { 1, 1 });
        Assert.Equal(expected, Run("Conv", With(("auto_pad", mode), ("strides", Ints(2))), x, w).Array<float>());
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        var rng = new Rng(4);
        Tensor x = Random(rng, 1, 8, 20, 21),
            w = Random(rng, 30, 8, 3, 3);
        float[] one = RunAll("Conv", With(), 1, 1, x, w)[0].Array<float>();
        Assert.Equal(one, RunAll("Conv", With(), 1, 4, x, w)[0].Array<float>());
        Assert.Equal(one, RunAll("Conv", With(), 1, 13, x, w)[0].Array<float>());
    }

    [Fact]
    public void NothingInNothingOut()
    {
        Assert.Equal(
            0,
            Run(
                "Conv",
                With(),
                Tensor.Zeros(ElementType.Float32, new Shape(0, 2, 5)),
                Random(new Rng(1), 3, 2, 2)
            ).Count
        );
        Tensor y = Run(
            "Conv",
            With(),
            Tensor.Zeros(ElementType.Float32, new Shape(1, 0, 2)),
            Tensor.Zeros(ElementType.Float32, new Shape(1, 0, 2)),
            Tensor.Vector(4f)
        );
        Assert.Equal([4f], y.Array<float>());
    }

    [Fact]
    public void ABiasOfTheWrongLengthIsNamed()
    {
        var e = Assert.Throws<ModelException>(() =>
            Run("Conv", With(), Random(new Rng(1), 1, 1, 4), Random(new Rng(1), 2, 1, 2), Tensor.Vector(1f, 2f, 3f))
        );
        Assert.Equal(
            "node 'n' (Conv): input 2 holds 3 elements; there must be 2, one for each output channel",
            e.Message
        );
    }

    private sealed record ConvCase
    {
        public ConvCase(Rng rng, int rank)
        {
            int[] Draw(int low, int high) => [.. Enumerable.Range(0, rank).Select(_ => low + rng.Next(high - low + 1))];
            (Kernel, Stride, Dilation, Before, After) = (Draw(1, 3), Draw(1, 3), Draw(1, 2), Draw(0, 2), Draw(0, 2));
            Input = [.. Draw(0, rank == 3 ? 4 : 9).Select((d, i) => d + (Kernel[i] - 1) * Dilation[i] + 1)];
            (Images, Groups, PerGroup, OutPerGroup) = (
                1 + rng.Next(3),
                1 + rng.Next(3),
                1 + rng.Next(4),
                1 + rng.Next(8)
            );
            Biased = rng.Next(2) == 1;
        }

        public int[] Kernel,
            Stride,
            Dilation,
            Before,
            After,
            Input;
        public int Images,
            Groups,
            PerGroup,
            OutPerGroup;
        public bool Biased;
    }

    private static void Compare(Rng rng, int rank, ConvCase c)
    {
        Tensor x = Random(rng, [c.Images, c.Groups * c.PerGroup, .. c.Input]),
            w = Random(rng, [c.Groups * c.OutPerGroup, c.PerGroup, .. c.Kernel]);
        Tensor? bias = c.Biased ? Random(rng, c.Groups * c.OutPerGroup) : null;
        Attributes attributes = With(
            ("group", (long)c.Groups),
            ("strides", Ints(c.Stride)),
            ("dilations", Ints(c.Dilation)),
            ("pads", Ints([.. c.Before, .. c.After]))
        );
        float[] expected = Naive(c, x, w, bias, rank);
        Close(expected, Run("Conv", attributes, x, w, bias));
        Tensor wide = Run("Conv", attributes, Doubles(x), Doubles(w), bias is null ? null : Doubles(bias));
        Close(expected, Tensor.Of(wide.Shape, Array.ConvertAll(wide.Array<double>(), v => (float)v)));
        Tensor half = Run("Conv", attributes, Halves(x), Halves(w), bias is null ? null : Halves(bias));
        Close(expected, Tensor.Of(half.Shape, Array.ConvertAll(half.Array<Half>(), v => (float)v)), 2e-2);
    }

    private static float[] Naive(ConvCase c, Tensor x, Tensor w, Tensor? bias, int rank)
    {
        int[] output =
        [
            .. Enumerable
                .Range(0, rank)
                .Select(i =>
                    (c.Input[i] + c.Before[i] + c.After[i] - (c.Kernel[i] - 1) * c.Dilation[i] - 1) / c.Stride[i] + 1
                ),
        ];
        return
        [
            .. Coordinates([c.Images, c.Groups * c.OutPerGroup, .. output])
                .Select(o =>
                    (float)
                        Coordinates([c.PerGroup, .. c.Kernel])
                            .Sum(k =>
                            {
                                int[] at =
                                [
                                    .. Enumerable
                                        .Range(0, rank)
                                        .Select(i => o[i + 2] * c.Stride[i] + k[i + 1] * c.Dilation[i] - c.Before[i]),
                                ];
                                if (at.Where((a, i) => a < 0 || a >= c.Input[i]).Any())
                                    return 0.0;
                                int channel = o[1] / c.OutPerGroup * c.PerGroup + k[0];
                                return (double)x.Span<float>()[Index([.. x.Shape.Dims], [o[0], channel, .. at])]
                                    * w.Span<float>()[Index([.. w.Shape.Dims], [o[1], .. k])];
                            }) + (bias?.Span<float>()[o[1]] ?? 0)
                ),
        ];
    }
}

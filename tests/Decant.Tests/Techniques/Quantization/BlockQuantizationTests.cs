using Decant.Core;
using Decant.Techniques;
using FsCheck.Xunit;
using Xunit;
using OnnxModels = Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Techniques.Quantization;

public sealed class BlockQuantizationTests
{
    [Property(MaxTest = 40)]
    public void Each_block_has_the_scale_of_least_error_among_all_that_may_be(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = [.. Enumerable.Range(0, 2 * 19).Select(_ => (float)rng.NextNormal())];
        var weight = new DenseEncoding(Tensor.Of(new Shape(2, 19), values));
        var linear = (LinearEncoding)
            Options.Make("weight-quantization", ("bits", "4"), ("block", "8"), ("scale-bits", "3")).Apply(weight);
        Assert.Equal((1, 8, 6), (linear.Axis, linear.Block, linear.Scales.Length));
        float[] held = linear.Values();
        for (int row = 0; row < 2; row++)
        for (int from = 0; from < 19; from += 8)
        {
            int length = Math.Min(8, 19 - from),
                start = row * 19 + from;
            float[] block = values[start..(start + length)];
            float largest = block.Max(Math.Abs);
            double least = Scales().Where(s => s * 70 >= largest && s * 7 <= 1.25f * largest).Min(s => Error(block, s)),
                found = block.Zip(held[start..(start + length)], (a, b) => Math.Pow(a - b, 2)).Sum();
            Assert.InRange(found, 0, least * 1.0001);
            Assert.Contains(linear.Scales[linear.Scaling.IndexOf(start)], Scales());
        }
    }

    [Property(MaxTest = 40)]
    public void Nothing_is_clipped_by_min_max_and_zeros_stay(ulong seed)
    {
        var rng = new Rng(seed);
        float[] values = [.. Enumerable.Range(0, 70).Select(_ => rng.Next(4) == 0 ? 0 : (float)rng.NextNormal())];
        string scheme = rng.Next(2) == 0 ? "symmetric" : "asymmetric";
        var linear = (LinearEncoding)
            Options
                .Make("weight-quantization", ("bits", "4"), ("block", "9"), ("range", "min-max"), ("scheme", scheme))
                .Apply(new DenseEncoding(Tensor.Of(new Shape(2, 35), values)));
        float[] held = linear.Values();
        for (int i = 0; i < values.Length; i++)
        {
            // An asymmetric zero point is rounded, so that one end may lie half a step further in.
            double steps = scheme == "symmetric" ? 0.5001 : 1.0001;
            Assert.InRange(Math.Abs(held[i] - values[i]), 0, steps * linear.Scales[linear.Scaling.IndexOf(i)]);
            if (values[i] == 0)
                Assert.Equal(0, held[i]);
        }
    }

    [Fact]
    public void BlocksLieAlongWhatIsSummedOverAndAlongTheRowsOfTables()
    {
        Assert.Equal(0, AxisOf("MatMul", new Shape(8, 4)));
        Assert.Equal(1, AxisOf("Conv", new Shape(4, 8, 1, 1)));
        Assert.Equal(0, AxisOf("ConvTranspose", new Shape(8, 4, 1, 1)));
        Assert.Equal(1, AxisOf("Gemm", new Shape(4, 8), ("transB", 1L)));
        Assert.Equal(0, AxisOf("Gemm", new Shape(8, 4)));
        Assert.Equal(1, AxisOf("Gather", new Shape(4, 8)));
        Assert.Equal(0, AxisOf("Gather", new Shape(8, 4), ("axis", -1L)));
    }

    [Fact]
    public void AWeightThatIsShorterThanABlockHasScalesOfChannels()
    {
        var linear = (LinearEncoding)
            Options
                .Make("weight-quantization", ("block", "8"))
                .Apply(new DenseEncoding(Tensor.Of(new Shape(3, 7), new float[21])));
        Assert.Equal((0, 0, 3), (linear.Axis, linear.Block, linear.Scales.Length));
    }

    [Theory]
    [InlineData("range", "kl", "'range: kl' takes more values than a block has; with 'block' it must be one of")]
    [InlineData("per", "tensor", "'per: tensor' is one scale, and 'block' one for each block")]
    public void WhatDoesNotGoWithBlocksIsNamed(string option, string value, string message) =>
        Assert.Contains(
            message,
            Assert
                .Throws<OptionsException>(() => Options.Make("weight-quantization", ("block", "32"), (option, value)))
                .Message
        );

    /// <summary>The axis of the blocks of a weight that one node reads.</summary>
    private static int AxisOf(string type, Shape shape, params (string, object)[] attributes)
    {
        var weight = new Weight("w", new DenseEncoding(Tensor.Zeros(ElementType.Float32, shape)));
        string[] inputs = type == "Gather" ? ["w", "x"] : ["x", "w"];
        var network = new Network(
            "",
            [OnnxModels.Value("x", 1)],
            [OnnxModels.Value("y", 1)],
            [new Node("n", OnnxModels.Make(type, attributes), [.. inputs], ["y"])],
            [weight]
        );
        PlannedChange change = Options
            .Make("weight-quantization", ("block", "8"))
            .Plan(new TechniqueContext(network, [weight]))
            .Single();
        var linear = (LinearEncoding)change.Apply(network).Weights["w"].Encoding;
        Assert.Equal(8, linear.Block);
        return linear.Axis;
    }

    /// <summary>All floats of three significant bits, from 2^-12 to 2^4.</summary>
    private static IEnumerable<float> Scales() =>
        Enumerable.Range(-12, 16).SelectMany(e => Enumerable.Range(4, 4).Select(m => m / 4f * MathF.Pow(2, e)));

    private static double Error(float[] block, float scale) =>
        block.Sum(v => Math.Pow(v - Math.Clamp(MathF.Round(v / scale), -7, 7) * scale, 2));
}

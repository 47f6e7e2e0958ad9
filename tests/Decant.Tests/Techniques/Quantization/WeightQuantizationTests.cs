using Decant.Core;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

public sealed class WeightQuantizationTests
{
    [Property(MaxTest = 60)]
    public void Numbers_come_within_half_a_step_zeros_stay_and_a_second_time_changes_nothing(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 2 + rng.Next(15);
        string scheme = rng.Next(2) == 0 ? "symmetric" : "asymmetric";
        float[] values = [.. Enumerable.Range(0, 60).Select(_ => rng.Next(4) == 0 ? 0 : (float)rng.NextNormal())];
        var technique = Options.Make(
            "weight-quantization",
            ("bits", $"{bits}"),
            ("scheme", scheme),
            ("per", "tensor"),
            ("range", "min-max")
        );
        var linear = Assert.IsType<LinearEncoding>(
            technique.Apply(new DenseEncoding(Tensor.Of(new Shape(6, 10), values)))
        );
        Assert.Equal((bits, 1, scheme == "symmetric"), (linear.Bits, linear.Scales.Length, linear.Zeros.Length == 0));
        float[] held = linear.Values();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.InRange(Math.Abs(held[i] - values[i]), 0, linear.Scales[0] * 1.001);
            if (values[i] == 0)
                Assert.Equal(0f, held[i]);
        }
        float[] again = technique.Apply(linear).Values();
        for (int i = 0; i < held.Length; i++)
            Assert.Equal(held[i], again[i], linear.Scales[0] * 1e-3f);
    }

    [Fact]
    public void EachOutputHasItsScaleAndOneOfZerosIsHeldExactly()
    {
        float[] values = [1, -2, 0.5f, 0, 0, 0, 100, 50, -25];
        var linear = (LinearEncoding)
            Options
                .Make("weight-quantization", ("range", "min-max"))
                .Apply(new DenseEncoding(Tensor.Of(new Shape(3, 3), values)));
        Assert.Equal(0, linear.Axis);
        Assert.Equal([2 / 127f, 1, 100 / 127f], linear.Scales.ToArray());
        Assert.Equal([0f, 0, 0], linear.Values()[3..6]);
        Assert.Equal(-2f, linear.Values()[1], 1e-5f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void WhatIsNotFiniteIsNamed(float bad) =>
        Assert.Equal(
            $"weight 'w' holds {bad} at 2; only finite weights can be quantized: leave it out of "
                + "'weights', or mend the model",
            Assert
                .Throws<ModelException>(() => Options.Make("weight-quantization").Apply(Options.Dense(1, 2, bad)))
                .Message
        );

    [Theory]
    [InlineData("bits", "1", "'bits: 1' must be a whole number from 2 to 16")]
    [InlineData("bits", "17", "'bits: 17' must be a whole number from 2 to 16")]
    [InlineData("range", "widest", "must be one of average, deviation, gauss, kl")]
    [InlineData("per", "row", "must be one of channel, tensor")]
    [InlineData("block", "-1", "'block: -1' must be a whole number from 0 to 1048576")]
    [InlineData("scale-bits", "25", "'scale-bits: 25' must be a whole number from 2 to 24")]
    public void AWrongOptionIsNamed(string option, string value, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<OptionsException>(() => Options.Make("weight-quantization", (option, value))).Message
        );
}

using Decant.Core;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

public sealed class LinearGridTests
{
    [Property(MaxTest = 300)]
    public void Quantizing_is_idempotent_monotone_within_half_a_step_and_exact_at_zero(ulong seed)
    {
        var rng = new Rng(seed);
        int bits = 2 + rng.Next(15);
        var scheme = (QuantizationScheme)rng.Next(3);
        double size = Math.Pow(10, rng.NextDouble(-6, 6)),
            low = scheme == QuantizationScheme.Unsigned ? 0 : rng.NextDouble(-size, size),
            high = low + rng.NextDouble(0, size);
        LinearGrid grid = LinearGrid.Of(new ValueRange(low, high), bits, scheme);
        Assert.True(grid.Scale > 0);
        Assert.InRange(grid.Greatest - grid.Least + 1, 3, 1 << bits);
        Assert.Equal(0f, grid.Quantize(0));
        float[] values = [.. Enumerable.Range(0, 50).Select(_ => (float)rng.NextDouble(low, high)).Order()];
        float last = float.NegativeInfinity;
        foreach (float v in values)
        {
            float q = grid.Quantize(v);
            Assert.Equal(q, grid.Quantize(q));
            Assert.True(q >= last);
            last = q;
            // The zero point is rounded, so that an end of an asymmetric range may lie half a step outside.
            Assert.InRange(
                Math.Abs(q - v),
                0,
                grid.Scale * (scheme == QuantizationScheme.Asymmetric ? 1.001 : 0.501) + 1e-6 * Math.Abs(v)
            );
        }
        Assert.Equal(grid.Value(grid.Greatest), grid.Quantize(float.PositiveInfinity));
        Assert.Equal(grid.Value(grid.Least), grid.Quantize(float.NegativeInfinity));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void EachBitBringsSixDecibels(int bits)
    {
        var rng = new Rng(3);
        LinearGrid grid = LinearGrid.Of(new ValueRange(-1, 1), bits, QuantizationScheme.Symmetric);
        double signal = 0,
            noise = 0;
        for (int i = 0; i < 20_000; i++)
        {
            float v = (float)rng.NextDouble(-1, 1);
            (signal, noise) = (signal + v * v, noise + Math.Pow(v - grid.Quantize(v), 2));
        }
        double levels = 20 * Math.Log10((1 << bits) - 2);
        Assert.InRange(10 * Math.Log10(signal / noise), levels - 0.5, levels + 0.5);
    }

    [Fact]
    public void ARangeOfNothingGivesZeros()
    {
        foreach (QuantizationScheme scheme in Enum.GetValues<QuantizationScheme>())
            Assert.Equal(0f, LinearGrid.Of(default, 8, scheme).Quantize(0));
        Assert.Contains(
            "cannot be quantized",
            Assert
                .Throws<ModelException>(() =>
                    LinearGrid.Of(new ValueRange(0, double.PositiveInfinity), 8, QuantizationScheme.Symmetric)
                )
                .Message
        );
    }
}

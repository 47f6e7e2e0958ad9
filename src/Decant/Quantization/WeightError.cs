using Decant.Core;

namespace Decant.Quantization;

/// <summary>What quantization does to one weight.</summary>
/// <param name="Weight">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Bits">Bits of a code.</param>
/// <param name="Block">How many neighbours share a scale; 0 for scales of channels, or one.</param>
/// <param name="Sqnr">10·log₁₀(Σw² / Σ(w − ŵ)²), in dB; infinite where nothing is lost.</param>
public sealed record WeightError(string Weight, Shape Shape, int Bits, int Block, double Sqnr)
{
    /// <summary>The errors of the weights that are linear in the second network, in its order.</summary>
    /// <param name="whole">The network before.</param>
    /// <param name="quantized">The network after; weights that the first lacks are left out.</param>
    public static IReadOnlyList<WeightError> Of(Network whole, Network quantized)
    {
        var errors = new List<WeightError>();
        foreach (Weight weight in quantized.Weights)
            if (
                weight.Encoding is LinearEncoding linear
                && whole.Weights.TryGet(weight.Name, out Weight? before)
                && before.Encoding.Shape == linear.Shape
            )
                errors.Add(
                    new WeightError(
                        weight.Name,
                        linear.Shape,
                        linear.Bits,
                        linear.Block,
                        Decibels(before.Encoding, linear)
                    )
                );
        return errors;
    }

    private static double Decibels(Encoding before, LinearEncoding after)
    {
        ReadOnlySpan<float> was = before.Decode().Span<float>(),
            now = after.Decode().Span<float>();
        double signal = 0,
            noise = 0;
        for (int i = 0; i < was.Length; i++)
        {
            double off = (double)was[i] - now[i];
            (signal, noise) = (signal + (double)was[i] * was[i], noise + off * off);
        }
        return noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
    }
}

using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// A uniform grid (Jacob et al. 2018, equation 1): code q stands for (q − z)·s. Quantizing is monotone and
/// idempotent, exact at 0, and within the range off by at most s/2.
/// </summary>
/// <param name="Scale">s, above 0.</param>
/// <param name="Zero">z, the code of 0.</param>
/// <param name="Least">The least code.</param>
/// <param name="Greatest">The greatest code.</param>
public readonly record struct LinearGrid(float Scale, int Zero, int Least, int Greatest)
{
    /// <summary>The least bits a grid may have.</summary>
    public const int LeastBits = 2;

    /// <summary>The most bits a grid may have.</summary>
    public const int MostBits = 16;

    /// <summary>Significant bits of a 32-bit float, and so of a scale at most.</summary>
    public const int FloatScaleBits = 24;

    // Below it, divisions by the scale would overflow.
    private const float LeastScale = 1e-30f;

    /// <summary>The grid that covers a range.</summary>
    /// <param name="range">The range; 0 is taken into it.</param>
    /// <param name="bits">2 to 16.</param>
    /// <param name="scheme">Where the codes lie; <see cref="QuantizationScheme.Unsigned"/> clips what is
    /// negative.</param>
    /// <param name="scaleBits">Significant bits of the scale, 1 to 24; it is rounded up, so that the range is
    /// covered.</param>
    /// <exception cref="ModelException">The range is not finite.</exception>
    public static LinearGrid Of(ValueRange range, int bits, QuantizationScheme scheme, int scaleBits = FloatScaleBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scaleBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scaleBits, FloatScaleBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, LeastBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        ValueRange full = range.WithZero;
        if (!float.IsFinite((float)full.Low) || !float.IsFinite((float)full.High))
            throw new ModelException($"a range from {range.Low} to {range.High} cannot be quantized");
        int levels = (1 << bits) - 1,
            half = 1 << (bits - 1);
        switch (scheme)
        {
            case QuantizationScheme.Symmetric:
                return new LinearGrid(ScaleOf(full.Magnitude, half - 1, scaleBits), 0, 1 - half, half - 1);
            case QuantizationScheme.Unsigned:
                return new LinearGrid(ScaleOf(full.High, levels, scaleBits), 0, 0, levels);
            default:
                float scale = ScaleOf(full.High - full.Low, levels, scaleBits);
                return new LinearGrid(scale, (int)Math.Clamp(Math.Round(-full.Low / scale), 0, levels), 0, levels);
        }
    }

    /// <summary>The code of a value: the nearest, halves to even.</summary>
    public int Code(float value) => (int)Math.Clamp(MathF.Round(value / Scale) + Zero, Least, Greatest);

    /// <summary>What a code stands for.</summary>
    public float Value(int code) => (code - Zero) * Scale;

    /// <summary>A value on the grid.</summary>
    public float Quantize(float value) => Value(Code(value));

    private static float ScaleOf(double extent, int levels, int scaleBits)
    {
        if (!(extent > 0))
            return 1;
        float scale = Math.Max((float)(extent / levels), LeastScale);
        uint cut = (1u << (FloatScaleBits - scaleBits)) - 1;
        float rounded = BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(scale) + cut) & ~cut);
        return float.IsFinite(rounded) ? rounded : scale;
    }
}

/// <summary>Where the codes of a uniform grid lie about zero.</summary>
public enum QuantizationScheme
{
    /// <summary>
    /// Codes with sign, as many below zero as above, -(2^(b-1) - 1) to 2^(b-1) - 1; the zero point is 0.
    /// </summary>
    Symmetric,

    /// <summary>Codes 0 to 2^b - 1 over the whole range; the zero point stands for 0.</summary>
    Asymmetric,

    /// <summary>Codes 0 to 2^b - 1 from 0 on: for values that are never negative.</summary>
    Unsigned,
}

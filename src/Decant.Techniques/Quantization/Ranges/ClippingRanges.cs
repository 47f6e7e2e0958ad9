using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// The clip α about the mean that makes the expected squared error least if values are spread as a known distribution
/// (ACIQ: Banner, Nahshan, Soudry 2019). Of values without sign only the upper half is clipped, and the steps are half
/// as wide.
/// </summary>
public abstract record ClippingRange : RangeRule
{
    // α in units of the distribution's own width: beyond it nothing of float precision is left.
    private const double Widest = 30;

    /// <inheritdoc/>
    protected sealed override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        double width = WidthOf(values);
        bool half = values.Low >= 0;
        double alpha = width * Least(a => ClippingError(a) / (half ? 2 : 1) + RoundingError(a, bits, half));
        return half
            ? new ValueRange(0, Math.Max(0, values.Mean) + alpha)
            : new ValueRange(values.Mean - alpha, values.Mean + alpha);
    }

    /// <summary>The distribution's own width: b or σ.</summary>
    private protected abstract double WidthOf(ValueStatistics values);

    /// <summary>
    /// What clipping both sides at ±α costs a distribution of width 1: ∫ (|x| − α)² p(x) outside.
    /// </summary>
    private protected abstract double ClippingError(double alpha);

    private static double RoundingError(double alpha, int bits, bool half) =>
        Math.Pow((half ? 1 : 2) * alpha / (1L << bits), 2) / 12;

    // Golden section: the error falls and then rises.
    private static double Least(Func<double, double> error)
    {
        double shrink = (Math.Sqrt(5) - 1) / 2,
            low = 0,
            high = Widest;
        for (int i = 0; i < 80; i++)
        {
            double a = high - shrink * (high - low),
                b = low + shrink * (high - low);
            if (error(a) < error(b))
                high = b;
            else
                low = a;
        }
        return (low + high) / 2;
    }
}

/// <summary>
/// The best clip if values are spread as a normal distribution: (1 + α²)·(1 − erf(α/√2)) −
/// α·√(2/π)·e^(−α²/2) is clipped (ACIQ, appendix).
/// </summary>
public sealed record GaussRange : ClippingRange
{
    /// <inheritdoc/>
    public override string Name => "gauss";

    private protected override double WidthOf(ValueStatistics values) => values.Deviation;

    private protected override double ClippingError(double alpha) =>
        Math.Max(
            0,
            (1 + alpha * alpha) * Outside(alpha) - alpha * Math.Sqrt(2 / Math.PI) * Math.Exp(-alpha * alpha / 2)
        );

    /// <summary>1 − erf(α/√2), by Abramowitz and Stegun 7.1.26, right to 1.5e-7.</summary>
    private static double Outside(double alpha)
    {
        double x = alpha / Math.Sqrt(2),
            t = 1 / (1 + 0.3275911 * x);
        return t
            * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
            * Math.Exp(-x * x);
    }
}

/// <summary>
/// The best clip if values are spread as a Laplace distribution: 2b²·e^(−α/b) is clipped (ACIQ, equation 4).
/// </summary>
public sealed record LaplaceRange : ClippingRange
{
    /// <inheritdoc/>
    public override string Name => "laplace";

    private protected override double WidthOf(ValueStatistics values) => values.Laplace;

    private protected override double ClippingError(double alpha) => 2 * Math.Exp(-alpha);
}

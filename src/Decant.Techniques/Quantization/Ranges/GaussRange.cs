using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// The best clip if values are spread as a normal distribution: (1 + α²)·(1 − erf(α/√2)) − α·√(2/π)·e^(−α²/2) is clipped (ACIQ,
/// appendix).
/// </summary>
internal sealed class GaussRange : ClippingRange
{
    public override string Name => "gauss";

    protected override double WidthOf(ValueStatistics values) => values.Deviation;

    protected override double ClippingError(double alpha) =>
        Math.Max(0, (1 + alpha * alpha) * Outside(alpha) - alpha * Math.Sqrt(2 / Math.PI) * Math.Exp(-alpha * alpha / 2));

    /// <summary>1 − erf(α/√2), by Abramowitz and Stegun 7.1.26, right to 1.5e-7.</summary>
    private static double Outside(double alpha)
    {
        double x = alpha / Math.Sqrt(2), t = 1 / (1 + 0.3275911 * x);
        return t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x);
    }
}

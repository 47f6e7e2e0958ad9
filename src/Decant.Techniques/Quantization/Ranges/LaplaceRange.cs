using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>The best clip if values are spread as a Laplace distribution: 2b²·e^(−α/b) is clipped (ACIQ, equation 4).</summary>
internal sealed class LaplaceRange : ClippingRange
{
    public override string Name => "laplace";

    protected override double WidthOf(ValueStatistics values) => values.Laplace;

    protected override double ClippingError(double alpha) => 2 * Math.Exp(-alpha);
}

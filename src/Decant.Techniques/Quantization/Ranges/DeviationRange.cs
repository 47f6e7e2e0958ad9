using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>So many standard deviations about the mean.</summary>
internal sealed class DeviationRange(double count) : RangeRule
{
    public override string Name => "deviation";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) =>
        new(values.Mean - count * values.Deviation, values.Mean + count * values.Deviation);
}

using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>The means over images of the least and the greatest value, so that one outlying image counts for little.</summary>
internal sealed class AverageRange : RangeRule
{
    public override string Name => "average";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) => new(values.AverageLow, values.AverageHigh);
}

using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>From the least to the greatest value: nothing is clipped.</summary>
internal sealed class MinMaxRange : RangeRule
{
    public override string Name => "min-max";

    protected override ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme) => values.Range;
}

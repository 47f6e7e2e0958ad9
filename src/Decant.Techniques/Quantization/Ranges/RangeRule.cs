using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>Chooses what a grid covers: a narrow range has fine steps and clips more.</summary>
public abstract class RangeRule
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>The range for values of these statistics; never wider than they are.</summary>
    /// <param name="values">How the values are spread.</param>
    /// <param name="bits">Bits of the grid.</param>
    /// <param name="scheme">Where its codes lie.</param>
    public ValueRange Find(ValueStatistics values, int bits, QuantizationScheme scheme)
    {
        ValueRange found = Choose(values, bits, scheme), all = values.Range;
        return new ValueRange(Math.Max(found.Low, all.Low), Math.Min(found.High, all.High));
    }

    /// <summary>The range, which may be wider than the values.</summary>
    protected abstract ValueRange Choose(ValueStatistics values, int bits, QuantizationScheme scheme);
}

using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>Options of linear quantization of weights.</summary>
/// <param name="Bits">2 to 16.</param>
/// <param name="Scheme">Symmetric, or asymmetric with a zero point.</param>
/// <param name="PerChannel">Whether each output has a scale.</param>
/// <param name="Range">How the range is chosen.</param>
/// <param name="BiasSamples">Images by which biases are corrected; 0 to leave them.</param>
public sealed record WeightQuantizationOptions(int Bits, QuantizationScheme Scheme, bool PerChannel, RangeRule Range, int BiasSamples)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <param name="options">They.</param>
    /// <param name="correctsBiases">Whether 'bias-correction' is among them; where it is not, it is unknown.</param>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static WeightQuantizationOptions Read(TechniqueOptions options, bool correctsBiases = false) => new(
        options.Integer("bits", LinearGrid.LeastBits, LinearGrid.MostBits, 8),
        options.Word("scheme", "symmetric", "asymmetric") == "symmetric" ? QuantizationScheme.Symmetric : QuantizationScheme.Asymmetric,
        options.Word("per", "channel", "tensor") == "channel",
        RangeRules.Read(options, "mse"),
        correctsBiases ? options.Integer("bias-correction", 0, 1_000_000, 0) : 0);

    /// <summary>The axis along which a weight's scales differ; <see cref="OutputAxis.None"/> for one scale.</summary>
    internal int AxisOf(Network network, Weight weight) => PerChannel ? OutputAxis.Of(network, weight) : OutputAxis.None;

    /// <summary>A weight on its grids.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are named.</exception>
    internal LinearEncoding Encode(Network network, Weight weight) => LinearWeights.Encode(weight, Bits, AxisOf(network, weight), GridOf);

    private LinearGrid GridOf(ReadOnlySpan<float> values)
    {
        ValueRange range = values.IsEmpty ? default : Range.Find(ValueStatistics.Of(values), Bits, Scheme);
        return LinearGrid.Of(range, Bits, Scheme);
    }
}

using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Options of adaptive rounding.</summary>
/// <param name="Weights">The weights' grids.</param>
/// <param name="Penalty">λ: what a number between two steps costs, mean over all numbers.</param>
/// <param name="FreeShare">The share of the steps before λ sets in.</param>
public sealed record AdaptiveRoundingOptions(WeightQuantizationOptions Weights, double Penalty, double FreeShare)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static AdaptiveRoundingOptions Read(TechniqueOptions options) =>
        new(WeightQuantizationOptions.Read(options), options.Number("penalty", 0, 1e6, 1), options.Number("free", 0, 0.9, 0.2));
}

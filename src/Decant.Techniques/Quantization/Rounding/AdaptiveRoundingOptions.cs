using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Options of adaptive rounding.</summary>
/// <param name="Weights">The weights' grids.</param>
/// <param name="Samples">Images by which layers' outputs are compared.</param>
public sealed record AdaptiveRoundingOptions(WeightQuantizationOptions Weights, int Samples)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static AdaptiveRoundingOptions Read(TechniqueOptions options) => new(WeightQuantizationOptions.Read(options), options.Integer("samples", 1, 1_000_000, 512));
}

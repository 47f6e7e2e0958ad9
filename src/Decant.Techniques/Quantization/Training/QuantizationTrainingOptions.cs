using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Options of quantization-aware training.</summary>
/// <param name="Weights">The weights' grids, of those that have none yet.</param>
/// <param name="LearnsScales">Whether weights' scales are learned.</param>
/// <param name="LearnsClips">Whether the scales of activations, and with them their clips, are learned.</param>
public sealed record QuantizationTrainingOptions(WeightQuantizationOptions Weights, bool LearnsScales, bool LearnsClips)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static QuantizationTrainingOptions Read(TechniqueOptions options) => new(
        WeightQuantizationOptions.Read(options),
        options.Word("scales", "learned", "fixed") == "learned",
        options.Word("clips", "learned", "fixed") == "learned");
}

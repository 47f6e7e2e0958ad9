using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Learns for each number whether it is rounded up or down (AdaRound: Nagel, Amjad, van Baalen, Louizos, Blankevoort 2020), by training
/// towards what the stage's loss asks for: with distillation's hints, the outputs of the network's own layers. All other weights are held
/// still.
/// </summary>
public sealed class AdaptiveRounding(AdaptiveRoundingOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "adaptive-rounding";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context)
    {
        foreach (Weight weight in context.Weights)
            if (weight.Encoding is not (DenseEncoding or SparseEncoding))
                throw new ModelException($"weight '{weight.Name}' is held as '{weight.Encoding.Kind}'; adaptive-rounding takes plain and sparse weights: leave out what quantizes it before");
        return new RoundingHook(context, options);
    }
}

using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Trains weights while the network sees them on their grid (Jacob et al. 2018), with scales that are learned too (LSQ: Esser et al. 2020),
/// or squashed by tanh before (DoReFa-Net: Zhou et al. 2016).
/// Activations that are on grids are trained through; the ends of their ranges are learned as PACT's α is (Choi et al. 2018).
/// </summary>
public sealed class QuantizationTraining(QuantizationTrainingOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "quantization-aware-training";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context)
    {
        foreach (Weight weight in context.Weights)
            if (weight.Encoding is not (DenseEncoding or SparseEncoding or LinearEncoding))
                throw new ModelException($"weight '{weight.Name}' is held as '{weight.Encoding.Kind}'; quantization-aware-training takes plain, sparse and linear weights");
            else if (options.Squashes && weight.Encoding is SparseEncoding)
                throw new ModelException($"weight '{weight.Name}' is pruned, and 'transform: tanh' has no zero; leave it out of 'weights', or leave the transform out");
        return new QuantizationHook(context, options);
    }
}

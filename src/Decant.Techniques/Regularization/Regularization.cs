using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Regularization;

/// <summary>
/// A penalty on weights while the network trains, which drives numbers, neurons, channels, filters or layers to zero: l1, l2, biased
/// decay (Hanson, Pratt 1989), group lasso (Yuan, Lin 2006), DropNeuron's li and lo (Pan, Dong, Guo 2016), structured sparsity learning
/// (Wen et al. 2016).
/// </summary>
public sealed class Regularization(RegularizationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "regularization";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot be grouped or has no proximal step; it is named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        string how = options.Proximal ? "proximal steps" : "a penalty";
        return [.. PenaltiesOf(context).Select(p => new PlannedChange(p.Weight, $"{how} of strength {options.Strength:G4} ({Words}) while it trains", network => network))];
    }

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new RegularizationHook(options, PenaltiesOf(context));

    private string Words => options.Kind switch
    {
        RegularizationKind.Groups => string.Join(", ", options.Groups.Select(g => $"{g.Kind.ToString().ToLowerInvariant()}s")),
        RegularizationKind.HansonPratt => "Hanson–Pratt",
        _ => options.Kind.ToString().ToLowerInvariant(),
    };

    private IReadOnlyList<(string Weight, WeightPenalty Penalty)> PenaltiesOf(TechniqueContext context)
    {
        if (options.Proximal)
            foreach (Weight w in context.Weights)
                if (w.Encoding is not (DenseEncoding or SparseEncoding))
                    throw new ModelException($"weight '{w.Name}' is held as '{w.Encoding.Kind}', which has no proximal steps: set 'proximal: false'");
        return [.. context.Weights.Select(w => (w.Name, WeightPenalty.For(options, context.Network, w)))];
    }
}

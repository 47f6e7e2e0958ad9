using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Dynamic Network Surgery (Guo, Yao, Chen 2016): while the network trains, weights of small magnitude are masked and those that grow
/// again come back, since all of them go on learning behind the mask. At last the mask stands still and the rest is trained on.
/// </summary>
public sealed class DynamicSurgery(DynamicSurgeryOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "dynamic-surgery";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => new PlannedChange(w.Name, What(w, context), network => network))];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new SurgeryHook(options, context);

    private string What(Weight weight, TechniqueContext context)
    {
        const string Moving = "while training, masked where small and let back where grown";
        if (options.Threshold is { } c) return $"{Moving}: threshold mean + {c:0.###} × standard deviation of magnitudes";
        double level = options.Level!.Value * context.Progress;
        long kept = (long)Math.Round(weight.Encoding.Count * (1 - level));
        if (options.Scope == PruningScope.Global) return $"{Moving}: level {level:0.####} of all {context.Weights.Sum(w => (long)w.Encoding.Count):N0} weights selected";
        if (kept == 0) throw new ModelException($"weight '{weight.Name}' would be pruned to nothing (level {level:0.####}); use a lower level");
        return $"{Moving}; at the end keep {kept:N0} of {weight.Encoding.Count:N0} weights: level {level:0.####}";
    }
}

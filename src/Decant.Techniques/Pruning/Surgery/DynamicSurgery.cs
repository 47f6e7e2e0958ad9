using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Dynamic Network Surgery (Guo, Yao, Chen 2016): while the network trains, weights of small magnitude are masked and
/// those that grow again come back, since all of them go on learning behind the mask. At last the mask stands still and
/// the rest is trained on.
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
        if (options.Threshold is { } c)
            return $"{Moving}: threshold mean + {c:0.###} × standard deviation of magnitudes";
        double level = options.Level!.Value * context.Progress;
        long kept = (long)Math.Round(weight.Encoding.Count * (1 - level));
        if (options.Scope == PruningScope.Global)
            return $"{Moving}: level {level:0.####} of all {context.Weights.Sum(w => (long)w.Encoding.Count):N0} "
                + "weights selected";
        if (kept == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing (level {level:0.####}); use a lower level"
            );
        return $"{Moving}; at the end keep {kept:N0} of {weight.Encoding.Count:N0} weights: level {level:0.####}";
    }
}

/// <summary>Options of dynamic surgery: exactly one of level and threshold is given.</summary>
/// <param name="Level">The share of weights that end as zero, 0 to 1; null if not by level.</param>
/// <param name="Threshold">c of the paper: the threshold is mean + c × standard deviation of the magnitudes that the
/// weight began with; null if not by threshold.</param>
/// <param name="Scope">Among what numbers magnitudes are ranked.</param>
/// <param name="Every">Steps from one change of the mask to the next.</param>
/// <param name="Rise">The share of a round's steps over which the level rises, along a cubic.</param>
/// <param name="Until">The share of a round's steps after which the mask stands still.</param>
public sealed record DynamicSurgeryOptions(
    double? Level,
    double? Threshold,
    PruningScope Scope,
    int Every,
    double Rise,
    double Until
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">Not exactly one of level and threshold is given, or an option is out of
    /// range.</exception>
    public static DynamicSurgeryOptions Read(TechniqueOptions options)
    {
        var result = new DynamicSurgeryOptions(
            options.Has("level") ? options.Number("level", 0, 0.99999) : null,
            options.Has("threshold") ? options.Number("threshold", -10, 10) : null,
            options.Word("scope", "layer", "global") == "global" ? PruningScope.Global : PruningScope.Layer,
            options.Integer("every", 1, 100_000, 16),
            options.Number("rise", 0, 1, 0.4),
            options.Number("until", 0, 1, 0.75)
        );
        if (result.Level is null == result.Threshold is null)
            throw options.Error(null, "needs exactly one of 'level' and 'threshold'");
        if (result.Rise > result.Until)
            throw options.Error("rise", $"'rise: {result.Rise}' must not be above 'until: {result.Until}'");
        if (result.Threshold is not null && result.Scope == PruningScope.Global)
            throw options.Error("scope", "'scope: global' goes with 'level'; a threshold is each weight's own");
        return result;
    }
}

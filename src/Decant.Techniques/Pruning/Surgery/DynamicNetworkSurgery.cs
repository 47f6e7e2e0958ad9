using System.Globalization;
using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Dynamic Network Surgery (Guo, Yao, Chen 2016): while the network trains, weights of small magnitude are masked and
/// those that grow again come back, since all of them go on learning behind the mask. At last the mask stands still and
/// the rest is trained on.
/// </summary>
public sealed class DynamicNetworkSurgery(DynamicNetworkSurgeryOptions options)
    : Technique<DynamicNetworkSurgeryOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "dynamic-network-surgery";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => new PlannedChange(w.Name, What(w, context), network => network))];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new SurgeryHook(Options, context);

    private string What(Weight weight, TechniqueContext context)
    {
        const string Moving = "while training, masked where small and let back where grown";
        if (Options.Threshold is { } c)
            return $"{Moving}: threshold mean + {c:0.###} × standard deviation of magnitudes";
        double level = Options.Level!.Value * context.Progress;
        long kept = (long)Math.Round(weight.Encoding.Count * (1 - level));
        if (Options.Scope == PruningScope.Global)
            return $"{Moving}: level {level:0.####} of all {context.Weights.Sum(w => (long)w.Encoding.Count):N0} "
                + "weights selected";
        if (kept == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing (level {level:0.####}); use a lower level"
            );
        return $"{Moving}; at the end keep {kept:N0} of {weight.Encoding.Count:N0} weights: level {level:0.####}";
    }
}

/// <summary>Options of dynamic network surgery. Of level and threshold exactly one is given.</summary>
public sealed record DynamicNetworkSurgeryOptions : TechniqueOptions
{
    /// <summary>The share of weights that ends as zero; null if not by level.</summary>
    [Share(0, 0.99999)]
    public double? Level { get; init; }

    /// <summary>
    /// c of the paper: the threshold is mean + c × standard deviation of the magnitudes that the parameter began with;
    /// null if not by threshold.
    /// </summary>
    [OptionRange(-10, 10)]
    public double? Threshold { get; init; }

    /// <summary>Among which weights magnitudes are ranked.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>Steps from one change of the mask to the next.</summary>
    [OptionRange(1, 100_000)]
    public int Every { get; init; } = 16;

    /// <summary>The share of a round's steps over which the level rises, along a cubic.</summary>
    [Share]
    public double Rise { get; init; } = 0.4;

    /// <summary>The share of a round's steps after which the mask stands still.</summary>
    [Share]
    public double Until { get; init; } = 0.75;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Level is null == Threshold is null)
            throw new OptionsException(null, "needs exactly one of 'level' and 'threshold'");
        if (Rise > Until)
            throw new OptionsException(
                "rise",
                string.Create(CultureInfo.InvariantCulture, $"'rise: {Rise}' must not be above 'until: {Until}'")
            );
        if (Threshold is not null && Scope == PruningScope.Global)
            throw new OptionsException("scope", "'scope: global' goes with 'level'; a threshold is each weight's own");
    }
}

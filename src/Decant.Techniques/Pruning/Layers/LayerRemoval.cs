using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Takes whole residual blocks or layers out where shapes allow it: a block is replaced by its shortcut, a layer by its
/// input (Huang et al. 2016 drop blocks in training; Elkerdawy et al. 2020 prune layers).
/// </summary>
public sealed class LayerRemoval(LayerRemovalOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "layer-removal";

    /// <inheritdoc/>
    public override bool NeedsData => options.Layers.Count == 0 && options.Criterion.NeedsData;

    /// <inheritdoc/>
    public override bool NeedsGradients => NeedsData && options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        NeedsData ? options.Criterion.Needs(context, LeftOf(context)) : [];

    /// <summary>How many go is a share of what the run began with.</summary>
    public override bool NeedsReference => true;

    private string Unit => options.IsOfBlocks ? "block" : "layer";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        Network reference = context.Reference ?? context.Network;
        IReadOnlyList<RemovablePart> meant = Meant(reference);
        RemovablePart[] left = LeftOf(context);
        int gone = meant.Count(p => !p.IsIn(context.Network)),
            total = Total(meant.Count);
        int go =
            (int)
                Math.Round(
                    meant.Count * new RampSchedule(options.Ramp, (double)total / meant.Count, 1).At(context.Progress)
                ) - gone;
        if (go <= 0)
            return [];
        if (go > left.Length)
            throw new ModelException(
                $"{total} {Unit}s are to go, but only {left.Length} of the {meant.Count} that could be "
                    + "removed still can"
            );
        double[] scores =
            options.Layers.Count > 0 ? [.. left.Select((_, i) => (double)i)] : options.Criterion.Score(context, left);
        return
        [
            .. Enumerable
                .Range(0, left.Length)
                .OrderBy(i => scores[i])
                .Take(go)
                .Order()
                .Select(i => Plan(context.Network, left[i], scores[i])),
        ];
    }

    /// <summary>The parts that may go and are still there.</summary>
    private RemovablePart[] LeftOf(TechniqueContext context)
    {
        HashSet<string> names = Meant(context.Reference ?? context.Network)
            .Select(p => p.Name)
            .ToHashSet(StringComparer.Ordinal);
        return [.. Find(new RemovableParts(context.Network)).Where(p => names.Contains(p.Name))];
    }

    private PlannedChange Plan(Network network, RemovablePart part, double score)
    {
        string why = options.Layers.Count > 0 ? "named" : $"{options.Criterion.Name} {score:0.####}";
        string what = $"remove {Unit} of {string.Join(", ", part.LayersOf(network))}: {why}";
        return new PlannedChange(part.Name, what, now =>
            Find(new RemovableParts(now)).First(p => p.Name == part.Name).RemoveFrom(now)
        );
    }

    private IReadOnlyList<RemovablePart> Find(RemovableParts parts) =>
        options.IsOfBlocks ? parts.Blocks() : parts.Layers();

    private int Total(int parts)
    {
        int total = options.Layers.Count > 0 ? parts : options.Count ?? (int)Math.Round(options.Level!.Value * parts);
        return total <= parts
            ? total
            : throw new ModelException(
                $"'count: {total}' is more than the {parts} {Unit}s of this network that can be removed"
            );
    }

    private IReadOnlyList<RemovablePart> Meant(Network network)
    {
        var parts = new RemovableParts(network);
        IReadOnlyList<RemovablePart> all = Find(parts);
        if (options.Layers.Count == 0)
            return all.Count > 0 ? all : throw NothingToRemove();
        foreach (string name in options.Layers)
            if (!all.Any(p => p.IsCalled(network, Matches(name))))
                throw new ModelException(
                    $"layer '{name}' cannot be removed: {parts.WhyNot(name)}; {Unit}s that can be: "
                        + $"{string.Join(", ", all.Select(p => $"'{p.Name}'").DefaultIfEmpty("none"))}"
                );
        return [.. all.Where(p => options.Layers.Any(name => p.IsCalled(network, Matches(name))))];
    }

    private static Func<string, bool> Matches(string pattern) => name => NamePattern.Matches(pattern, name);

    private ModelException NothingToRemove() =>
        new(
            options.IsOfBlocks
                ? "this network has no residual block whose input and output shapes agree; 'unit: layer' "
                    + "removes single layers"
                : "this network has no layer whose output has the shape of its input"
        );
}

/// <summary>Options of layer removal.</summary>
/// <param name="IsOfBlocks">Whether whole residual blocks are removed, or single layers.</param>
/// <param name="Layers">Names of what goes, patterns; empty if the criterion decides.</param>
/// <param name="Level">The share that goes, 0 to 1; null if not by level.</param>
/// <param name="Count">How many go; null if not by count.</param>
/// <param name="Criterion">What decides which go.</param>
/// <param name="Ramp">How the number rises over a stage's rounds.</param>
public sealed record LayerRemovalOptions(
    bool IsOfBlocks,
    IReadOnlyList<string> Layers,
    double? Level,
    int? Count,
    PartCriterion Criterion,
    Ramp Ramp
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">Not exactly one of what says how much goes is given, or an option is out of
    /// range.</exception>
    public static LayerRemovalOptions Read(TechniqueOptions options)
    {
        var result = new LayerRemovalOptions(
            options.Word("unit", "block", "layer") == "block",
            options.Names("layers"),
            options.Has("level") ? options.Number("level", 0, 1) : null,
            options.Has("count") ? options.Integer("count", 1, 100_000) : null,
            PartCriterion.Read(options),
            RampSchedule.Read(options, Ramp.Linear)
        );
        int given =
            (result.Level is null ? 0 : 1) + (result.Count is null ? 0 : 1) + (result.Layers.Count == 0 ? 0 : 1);
        return given == 1
            ? result
            : throw options.Error(
                null,
                "needs exactly one of 'level' (the share that goes), 'count' and 'layers' (names)"
            );
    }
}

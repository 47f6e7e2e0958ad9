using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Takes whole residual blocks or layers out where shapes allow it: a block is replaced by its shortcut, a layer by its
/// input (Huang et al. 2016 drop blocks in training; Elkerdawy et al. 2020 prune layers).
/// </summary>
public sealed class LayerRemoval(LayerRemovalOptions options) : Technique<LayerRemovalOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "layer-removal";

    /// <inheritdoc/>
    public override bool NeedsData => Options.Layers.Count == 0 && Options.Criterion.NeedsData;

    /// <inheritdoc/>
    public override bool NeedsGradients => NeedsData && Options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        NeedsData ? PartScores.Needs(Options.Criterion, context, LeftOf(context)) : [];

    /// <summary>How many go is a share of what the run began with.</summary>
    public override bool NeedsReference => true;

    private string Unit => Options.Unit == RemovalUnit.Block ? "block" : "layer";

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
                    meant.Count * new RampSchedule(Options.Ramp, (double)total / meant.Count, 1).At(context.Progress)
                ) - gone;
        if (go <= 0)
            return [];
        if (go > left.Length)
            throw new ModelException(
                $"{total} {Unit}s are to be removed, but only {left.Length} of the {meant.Count} that could be "
                    + "removed remain"
            );
        double[] scores =
            Options.Layers.Count > 0
                ? [.. left.Select((_, i) => (double)i)]
                : PartScores.Of(Options.Criterion, context, left);
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
        string why = Options.Layers.Count > 0 ? "named" : $"{Options.Criterion.Name} {score:0.####}";
        string what = $"remove {Unit} of {string.Join(", ", part.LayersOf(network))}: {why}";
        return new PlannedChange(part.Name, what, now =>
            Find(new RemovableParts(now)).First(p => p.Name == part.Name).RemoveFrom(now)
        );
    }

    private IReadOnlyList<RemovablePart> Find(RemovableParts parts) =>
        Options.Unit == RemovalUnit.Block ? parts.Blocks() : parts.Layers();

    private int Total(int parts)
    {
        int total = Options.Layers.Count > 0 ? parts : Options.Count ?? (int)Math.Round(Options.Level!.Value * parts);
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
        if (Options.Layers.Count == 0)
            return all.Count > 0 ? all : throw NothingToRemove();
        foreach (string name in Options.Layers)
            if (!all.Any(p => p.IsCalled(network, Matches(name))))
                throw new ModelException(
                    $"layer '{name}' cannot be removed: {parts.WhyNot(name)}; {Unit}s that can be: "
                        + $"{string.Join(", ", all.Select(p => $"'{p.Name}'").DefaultIfEmpty("none"))}"
                );
        return [.. all.Where(p => Options.Layers.Any(name => p.IsCalled(network, Matches(name))))];
    }

    private static Func<string, bool> Matches(string pattern) => name => NamePattern.Matches(pattern, name);

    private ModelException NothingToRemove() =>
        new(
            Options.Unit == RemovalUnit.Block
                ? "this network has no residual block whose input and output shapes agree; 'unit: layer' "
                    + "removes single layers"
                : "this network has no layer whose output has the shape of its input"
        );
}

/// <summary>Options of layer removal. Of level, count and layers exactly one is given.</summary>
public sealed record LayerRemovalOptions : TechniqueOptions
{
    /// <summary>What is removed.</summary>
    public RemovalUnit Unit { get; init; } = RemovalUnit.Block;

    /// <summary>Names of what goes, patterns; empty if the criterion decides.</summary>
    public ValueList<string> Layers { get; init; } = [];

    /// <summary>The share that goes; null if not by level.</summary>
    [Share]
    public double? Level { get; init; }

    /// <summary>How many go; null if not by count.</summary>
    [OptionRange(1, 100_000)]
    public int? Count { get; init; }

    /// <summary>What decides which go.</summary>
    public Criterion Criterion { get; init; } = new MagnitudeCriterion();

    /// <summary>How the number rises over a stage's rounds.</summary>
    public Ramp Ramp { get; init; } = Ramp.Linear;

    /// <inheritdoc/>
    public override void Validate()
    {
        int given = (Level is null ? 0 : 1) + (Count is null ? 0 : 1) + (Layers.Count == 0 ? 0 : 1);
        if (given != 1)
            throw new OptionsException(
                null,
                "needs exactly one of 'level' (the share that is removed), 'count' and 'layers' (names)"
            );
    }
}

/// <summary>What layer removal takes out as a whole.</summary>
public enum RemovalUnit
{
    /// <summary>Residual blocks.</summary>
    Block,

    /// <summary>Single layers.</summary>
    Layer,
}

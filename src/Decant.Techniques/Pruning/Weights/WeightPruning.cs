using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Sets the least important numbers of weights to zero and keeps the rest for retraining under the mask (Han, Pool,
/// Tran, Dally 2015): single numbers, blocks, rows, or all but n of every m.
/// </summary>
public sealed class WeightPruning(WeightPruningOptions options) : Technique<WeightPruningOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "weight-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => Options.Criterion.NeedsData;

    /// <inheritdoc/>
    public override bool NeedsGradients => Options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        NeedsData ? Candidates.Needs(context, Options) : [];

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        Candidates[] candidates = Candidates.Of(context, Options);
        if (Options.Granularity.Kind == GranularityKind.NofM)
            return [.. candidates.Select(c => NofM(context, c))];
        return Options.Scope == PruningScope.Global
            ? Together(context, candidates)
            : [.. candidates.SelectMany(c => Together(context, c))];
    }

    private List<PlannedChange> Together(TechniqueContext context, params Candidates[] candidates)
    {
        (long kept, string why) = new PruningTarget(Options, context).Of(candidates);
        string together = candidates.Length > 1 ? $" over {candidates.Length} weights" : "";
        int[][] selected =
            kept == 0
                ? [.. candidates.Select(_ => Array.Empty<int>())]
                : Selection.Largest([.. candidates.Select(c => c.Scores)], kept);
        return [.. candidates.Select((c, i) => Change(context, c, selected[i], why + together))];
    }

    private PlannedChange NofM(TechniqueContext context, Candidates candidates)
    {
        int[] selected = Neighbours.Select(
            WeightMatrix.Of(context.Network, candidates.Weight),
            candidates.Scores,
            Options.Granularity.N,
            Options.Granularity.M
        );
        return Change(context, candidates, selected, Options.Units);
    }

    private PlannedChange Change(TechniqueContext context, Candidates candidates, int[] selected, string why)
    {
        Weight weight = candidates.Weight;
        string scopes = Options.Scope == PruningScope.Global ? ", 'scope: layer' or 'criterion: lamp'" : "";
        if (selected.Length == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing ({why}); use a lower level or threshold{scopes}, "
                    + "or leave it out of 'weights'"
            );
        string what = Options.Granularity.Kind == GranularityKind.NofM ? "weights" : Options.Units,
            by = Options.Criterion is MagnitudeCriterion ? "" : $" by {Options.Criterion.Name}";
        return PlannedChange.OfWeight(
            weight.Name,
            $"keep {selected.Length:N0} of {candidates.Count:N0} {what} "
                + $"({100.0 * selected.Length / candidates.Count:0.##} %){by}: {why}",
            () => Pruned(context, weight, candidates.Positions(selected))
        );
    }

    private Encoding Pruned(TechniqueContext context, Weight weight, int[] kept)
    {
        float[]? compensated = Options.Criterion.Compensate(context, weight, kept);
        if (weight.Encoding is LinearEncoding linear)
            return compensated is null
                ? Pruned(linear, kept)
                : throw new ModelException(
                    $"weight '{weight.Name}' is quantized, and criterion '{Options.Criterion.Name}' changes the "
                        + "weights that stay: prune before quantizing, or by another criterion"
                );
        float[] values = weight.Encoding.Decode().Array<float>();
        return new SparseEncoding(weight.Encoding.Shape, kept, compensated ?? Array.ConvertAll(kept, p => values[p]));
    }

    private static LinearEncoding Pruned(LinearEncoding encoding, int[] kept)
    {
        var zero = new bool[encoding.Count];
        Array.Fill(zero, true);
        foreach (int p in kept)
            zero[p] = false;
        return encoding.WithZeros(zero);
    }
}

/// <summary>
/// Options of weight pruning. Of level, threshold and sensitivity exactly one is given, none where n of every m stay.
/// </summary>
public sealed record WeightPruningOptions : TechniqueOptions
{
    /// <summary>The share of weights that ends as zero; null if not by level.</summary>
    [Share(0, 0.99999)]
    public double? Level { get; init; }

    /// <summary>The score below which a weight becomes zero; null if not by threshold.</summary>
    [OptionRange(0, double.MaxValue)]
    public double? Threshold { get; init; }

    /// <summary>
    /// The threshold on magnitudes as a multiple of each parameter's standard deviation; null if not by sensitivity.
    /// </summary>
    [OptionRange(0, 100)]
    public double? Sensitivity { get; init; }

    /// <summary>How the level or threshold rises over a stage's rounds.</summary>
    public Ramp Ramp { get; init; } = Ramp.Geometric;

    /// <summary>The share of the remaining weights that a round may prune at most.</summary>
    [Share(0.001)]
    public double AtMost { get; init; } = 1;

    /// <summary>What stays or goes as a whole.</summary>
    public Granularity Granularity { get; init; } = Granularity.Weight;

    /// <summary>The extents of a block, for <see cref="Granularity.Block"/>.</summary>
    public BlockSize Block { get; init; } = new(1, 4);

    /// <summary>What is ranked together.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>How scores are made comparable between parameters.</summary>
    public ScoreNormalization Normalize { get; init; } = ScoreNormalization.None;

    /// <summary>What makes a weight important.</summary>
    public Criterion Criterion { get; init; } = new MagnitudeCriterion();

    /// <summary>What stays or goes as a whole, in words.</summary>
    internal string Units =>
        Granularity.Kind switch
        {
            GranularityKind.Block => $"blocks of {Block.Rows}×{Block.Columns}",
            GranularityKind.NofM => $"{Granularity.N} of every {Granularity.M} weights",
            _ => $"{Granularity}s",
        };

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Granularity.Kind != GranularityKind.Block && Block != new BlockSize(1, 4))
            throw new OptionsException("block", "'block' has an effect only with 'granularity: block'");
        if (Granularity.Kind == GranularityKind.NofM)
            ValidateNofM();
        else
            ValidateAmount();
    }

    /// <summary>The extents of what stays or goes whole in a matrix.</summary>
    internal (int Rows, int Columns) UnitIn(WeightMatrix matrix) => Granularity.In(matrix, Block);

    private void ValidateNofM()
    {
        (string Key, bool IsGiven)[] useless =
        [
            ("level", Level is not null),
            ("threshold", Threshold is not null),
            ("sensitivity", Sensitivity is not null),
            ("scope", Scope != PruningScope.Layer),
            ("normalize", Normalize != ScoreNormalization.None),
            ("ramp", Ramp != Ramp.Geometric),
            ("at-most", AtMost != 1),
        ];
        foreach (var (key, isGiven) in useless)
            if (isGiven)
                throw new OptionsException(key, $"'{key}' has no meaning where {Units} stay");
    }

    private void ValidateAmount()
    {
        if (((double?[])[Level, Threshold, Sensitivity]).Count(a => a is not null) != 1)
            throw new OptionsException(null, "needs exactly one of 'level', 'threshold' and 'sensitivity'");
        bool isPlain =
            Criterion is MagnitudeCriterion
            && Granularity.Kind == GranularityKind.Weight
            && Scope == PruningScope.Layer;
        if (Sensitivity is not null && !isPlain)
            throw new OptionsException(
                "sensitivity",
                "'sensitivity' is each weight's own threshold on magnitudes; leave out 'criterion', "
                    + "'granularity' and 'scope', or use 'criterion: sensitivity' with 'level' or 'threshold'"
            );
        if (Normalize != ScoreNormalization.None && Scope == PruningScope.Layer)
            throw new OptionsException(
                "normalize",
                "'normalize' changes nothing within one weight; it goes with 'scope: global'"
            );
    }
}

/// <summary>How scores are made comparable between parameters.</summary>
public enum ScoreNormalization
{
    /// <summary>They are compared as they are.</summary>
    None,

    /// <summary>A parameter's scores are divided by their l2 norm.</summary>
    LayerL2,
}

/// <summary>What is ranked together.</summary>
public enum PruningScope
{
    /// <summary>Each weight by itself: each reaches the level.</summary>
    Layer,

    /// <summary>All selected weights: together they reach the level.</summary>
    Global,
}

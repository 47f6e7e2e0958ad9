using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Sets the least important numbers of weights to zero and keeps the rest for retraining under the mask (Han, Pool,
/// Tran, Dally 2015): single numbers, blocks, rows, or all but n of every m.
/// </summary>
public sealed class WeightPruning(WeightPruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "weight-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => options.Criterion.NeedsData;

    /// <inheritdoc/>
    public override bool NeedsGradients => options.Criterion.NeedsGradients;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        NeedsData ? Candidates.Needs(context, options) : [];

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        Candidates[] candidates = Candidates.Of(context, options);
        if (options.Granularity.Kind == GranularityKind.NofM)
            return [.. candidates.Select(c => NofM(context, c))];
        return options.Scope == PruningScope.Global
            ? Together(context, candidates)
            : [.. candidates.SelectMany(c => Together(context, c))];
    }

    private List<PlannedChange> Together(TechniqueContext context, params Candidates[] candidates)
    {
        (long kept, string why) = new PruningTarget(options, context).Of(candidates);
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
            options.Granularity.Rows,
            options.Granularity.Columns
        );
        return Change(context, candidates, selected, $"{options.Granularity}");
    }

    private PlannedChange Change(TechniqueContext context, Candidates candidates, int[] selected, string why)
    {
        Weight weight = candidates.Weight;
        string scopes = options.Scope == PruningScope.Global ? ", 'scope: layer' or 'criterion: lamp'" : "";
        if (selected.Length == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing ({why}); use a lower level or threshold{scopes}, "
                    + "or leave it out of 'weights'"
            );
        string what = options.Granularity.Kind == GranularityKind.NofM ? "weights" : $"{options.Granularity}",
            by = options.Criterion is MagnitudeCriterion ? "" : $" by {options.Criterion.Name}";
        return PlannedChange.OfWeight(
            weight.Name,
            $"keep {selected.Length:N0} of {candidates.Count:N0} {what} "
                + $"({100.0 * selected.Length / candidates.Count:0.##} %){by}: {why}",
            () => Pruned(context, weight, candidates.Positions(selected))
        );
    }

    private SparseEncoding Pruned(TechniqueContext context, Weight weight, int[] kept)
    {
        float[] values = weight.Encoding.Decode().Array<float>();
        return new SparseEncoding(
            weight.Encoding.Shape,
            kept,
            options.Criterion.Compensate(context, weight, kept) ?? Array.ConvertAll(kept, p => values[p])
        );
    }
}

/// <summary>
/// Options of weight pruning. Of level, threshold and sensitivity exactly one is given, none where n of every m stay.
/// </summary>
/// <param name="Criterion">What makes a number important.</param>
/// <param name="Granularity">What stays or goes as a whole.</param>
/// <param name="Scope">What is ranked together.</param>
/// <param name="Normalizes">Whether a weight's scores are first divided by their l2 norm.</param>
/// <param name="Level">The share that ends as zero, 0 to 1; null if not by level.</param>
/// <param name="Threshold">What scores less becomes zero; null if not by threshold.</param>
/// <param name="Sensitivity">The threshold on magnitudes as a multiple of the weight's standard deviation; null if not
/// by sensitivity.</param>
/// <param name="Ramp">How the level or threshold rises over a stage's rounds.</param>
/// <param name="AtMost">The share of what is left that a round may prune at most; 1 for any.</param>
public sealed record WeightPruningOptions(
    Criterion Criterion,
    Granularity Granularity,
    PruningScope Scope,
    bool Normalizes,
    double? Level,
    double? Threshold,
    double? Sensitivity,
    Ramp Ramp,
    double AtMost
)
{
    private static readonly string[] Amounts = ["level", "threshold", "sensitivity"];

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">None or several amounts are given, one is out of range, or options contradict
    /// each other.</exception>
    public static WeightPruningOptions Read(TechniqueOptions options)
    {
        var result = new WeightPruningOptions(
            Level: options.Has("level") ? options.Number("level", 0, 0.99999) : null,
            Threshold: options.Has("threshold") ? options.Number("threshold", 0, double.MaxValue) : null,
            Sensitivity: options.Has("sensitivity") ? options.Number("sensitivity", 0, 100) : null,
            Ramp: RampSchedule.Read(options, Ramp.Geometric),
            AtMost: options.Number("at-most", 0.001, 1, 1),
            Granularity: Granularity.Read(options),
            Scope: options.Word("scope", "layer", "global") == "global" ? PruningScope.Global : PruningScope.Layer,
            Normalizes: options.Word("normalize", "none", "layer-l2") == "layer-l2",
            Criterion: CriterionCatalogue.Read(options)
        );
        result.Check(options);
        return result;
    }

    private void Check(TechniqueOptions options)
    {
        int given = Amounts.Count(options.Has);
        if (Granularity.Kind == GranularityKind.NofM)
        {
            foreach (string name in (ReadOnlySpan<string>)[.. Amounts, "scope", "normalize", "ramp", "at-most"])
                if (options.Has(name))
                    throw options.Error(name, $"'{name}' has no meaning where {Granularity} stay");
            return;
        }
        if (given != 1)
            throw options.Error(null, "needs exactly one of 'level', 'threshold' and 'sensitivity'");
        if (
            Sensitivity is not null
            && (
                Criterion is not MagnitudeCriterion
                || Granularity.Kind != GranularityKind.Weight
                || Scope == PruningScope.Global
            )
        )
            throw options.Error(
                "sensitivity",
                "'sensitivity' is each weight's own threshold on magnitudes; leave out 'criterion', "
                    + "'granularity' and 'scope', or use 'criterion: sensitivity' with 'level' or 'threshold'"
            );
        if (Normalizes && Scope == PruningScope.Layer)
            throw options.Error(
                "normalize",
                "'normalize' changes nothing within one weight; it goes with 'scope: global'"
            );
    }
}

/// <summary>What is ranked together.</summary>
public enum PruningScope
{
    /// <summary>Each weight by itself: each reaches the level.</summary>
    Layer,

    /// <summary>All selected weights: together they reach the level.</summary>
    Global,
}

using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Sets the least important numbers of weights to zero and keeps the rest for retraining under the mask (Han, Pool, Tran, Dally 2015):
/// single numbers, blocks, rows, or all but n of every m.
/// </summary>
public sealed class WeightPruning(WeightPruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "weight-pruning";

    /// <inheritdoc/>
    public override bool NeedsData => options.Criterion.NeedsData;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        Candidates[] candidates = Candidates.Of(context, options);
        if (options.Granularity.Kind == GranularityKind.NofM) return [.. candidates.Select(c => NofM(context, c))];
        return options.Scope == PruningScope.Global
            ? Together(context, candidates)
            : [.. candidates.SelectMany(c => Together(context, c))];
    }

    private List<PlannedChange> Together(TechniqueContext context, params Candidates[] candidates)
    {
        (long kept, string why) = new PruningTarget(options, context).Of(candidates);
        string together = candidates.Length > 1 ? $" over {candidates.Length} weights" : "";
        int[][] selected = kept == 0 ? [.. candidates.Select(_ => Array.Empty<int>())] : Selection.Largest([.. candidates.Select(c => c.Scores)], kept);
        return [.. candidates.Select((c, i) => Change(context, c, selected[i], why + together))];
    }

    private PlannedChange NofM(TechniqueContext context, Candidates candidates)
    {
        int[] selected = Neighbours.Select(WeightMatrix.Of(context.Network, candidates.Weight), candidates.Scores, options.Granularity.Rows, options.Granularity.Columns);
        return Change(context, candidates, selected, $"{options.Granularity}");
    }

    private PlannedChange Change(TechniqueContext context, Candidates candidates, int[] selected, string why)
    {
        Weight weight = candidates.Weight;
        if (selected.Length == 0)
            throw new ModelException($"weight '{weight.Name}' would be pruned to nothing ({why}); use a lower level or threshold{(options.Scope == PruningScope.Global ? ", 'scope: layer' or 'criterion: lamp'" : "")}, or leave it out of 'weights'");
        string what = options.Granularity.Kind == GranularityKind.NofM ? "weights" : $"{options.Granularity}", by = options.Criterion is MagnitudeCriterion ? "" : $" by {options.Criterion.Name}";
        return PlannedChange.OfWeight(weight.Name,
            $"keep {selected.Length:N0} of {candidates.Count:N0} {what} ({100.0 * selected.Length / candidates.Count:0.##} %){by}: {why}",
            () => Pruned(context, weight, candidates.Positions(selected)));
    }

    private SparseEncoding Pruned(TechniqueContext context, Weight weight, int[] kept)
    {
        float[] values = weight.Encoding.Decode().Array<float>();
        return new SparseEncoding(weight.Encoding.Shape, kept, options.Criterion.Compensate(context, weight, kept) ?? Array.ConvertAll(kept, p => values[p]));
    }
}

using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Options of weight pruning. Of level, threshold and sensitivity exactly one is given, none where n of every m stay.</summary>
/// <param name="Criterion">What makes a number important.</param>
/// <param name="Granularity">What stays or goes as a whole.</param>
/// <param name="Scope">What is ranked together.</param>
/// <param name="Normalizes">Whether a weight's scores are first divided by their l2 norm.</param>
/// <param name="Level">The share that ends as zero, 0 to 1; null if not by level.</param>
/// <param name="Threshold">What scores less becomes zero; null if not by threshold.</param>
/// <param name="Sensitivity">The threshold on magnitudes as a multiple of the weight's standard deviation; null if not by sensitivity.</param>
/// <param name="Ramp">How the level or threshold rises over a stage's rounds.</param>
/// <param name="AtMost">The share of what is left that a round may prune at most; 1 for any.</param>
public sealed record WeightPruningOptions(
    Criterion Criterion, Granularity Granularity, PruningScope Scope, bool Normalizes, double? Level, double? Threshold, double? Sensitivity, Ramp Ramp, double AtMost)
{
    private static readonly string[] Amounts = ["level", "threshold", "sensitivity"];

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">None or several amounts are given, one is out of range, or options contradict each other.</exception>
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
            Criterion: CriterionCatalogue.Read(options));
        result.Check(options);
        return result;
    }

    private void Check(TechniqueOptions options)
    {
        int given = Amounts.Count(options.Has);
        if (Granularity.Kind == GranularityKind.NofM)
        {
            foreach (string name in (ReadOnlySpan<string>)[.. Amounts, "scope", "normalize", "ramp", "at-most"])
                if (options.Has(name)) throw options.Error(name, $"'{name}' has no meaning where {Granularity} stay");
            return;
        }
        if (given != 1) throw options.Error(null, "needs exactly one of 'level', 'threshold' and 'sensitivity'");
        if (Sensitivity is not null && (Criterion is not MagnitudeCriterion || Granularity.Kind != GranularityKind.Weight || Scope == PruningScope.Global))
            throw options.Error("sensitivity", "'sensitivity' is each weight's own threshold on magnitudes; leave out 'criterion', 'granularity' and 'scope', or use 'criterion: sensitivity' with 'level' or 'threshold'");
        if (Normalizes && Scope == PruningScope.Layer) throw options.Error("normalize", "'normalize' changes nothing within one weight; it goes with 'scope: global'");
    }
}

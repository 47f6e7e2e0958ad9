using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Options of structured pruning.</summary>
/// <param name="Criterion">What channels are ranked by.</param>
/// <param name="Budget">How much goes.</param>
/// <param name="IsGlobal">Whether channels of all groups are ranked together; if not, every group loses the same share.</param>
/// <param name="Normalizes">Whether a group's scores are divided by their mean before groups are compared.</param>
/// <param name="Ramp">How the cut rises over a stage's rounds.</param>
/// <param name="AtMost">The largest share of a group's channels that may go in one round, above 0.</param>
/// <param name="Least">The fewest channels a group keeps; null where nobody asked, which is 1, but where a level rounds to 0 it is an error.</param>
/// <param name="Multiple">Kept channels are rounded up to a multiple of this.</param>
/// <param name="Refit">Images on which the weights that read cut channels are fitted to those that stay; 0 for none.</param>
public sealed record StructuredPruningOptions(
    Criterion Criterion, CutBudget Budget, bool IsGlobal, bool Normalizes, Ramp Ramp, double AtMost, int? Least, int Multiple, int Refit)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">None or several budgets are given, or an option is out of range.</exception>
    public static StructuredPruningOptions Read(TechniqueOptions options)
    {
        CutBudget budget = CutBudget.Read(options);
        bool global = (budget.Of == CutMeasure.Channels ? options.Word("scope", "group", "global") : options.Word("scope", "global", "group")) == "global";
        bool normalizes = options.Has("normalize") ? options.Word("normalize", "group", "none") == "group" : global;
        if (!global && options.Has("normalize")) throw options.Error("normalize", "'normalize' has no effect with 'scope: group': groups are not compared");
        return new StructuredPruningOptions(
            CriterionCatalogue.Read(options), budget, global, normalizes,
            RampSchedule.Read(options, Ramp.Geometric),
            options.Number("at-most", 0.001, 1, 1),
            options.Has("least") ? options.Integer("least", 1, 1_000_000) : null,
            options.Integer("multiple", 1, 1024, 1),
            options.Integer("refit", 0, 1_000_000, 0));
    }
}

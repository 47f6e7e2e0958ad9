using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Options of dynamic surgery: exactly one of level and threshold is given.</summary>
/// <param name="Level">The share of weights that end as zero, 0 to 1; null if not by level.</param>
/// <param name="Threshold">c of the paper: the threshold is mean + c × standard deviation of the magnitudes that the weight began with; null if not by threshold.</param>
/// <param name="Scope">Among what numbers magnitudes are ranked.</param>
/// <param name="Every">Steps from one change of the mask to the next.</param>
/// <param name="Rise">The share of a round's steps over which the level rises, along a cubic.</param>
/// <param name="Until">The share of a round's steps after which the mask stands still.</param>
public sealed record DynamicSurgeryOptions(double? Level, double? Threshold, PruningScope Scope, int Every, double Rise, double Until)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">Not exactly one of level and threshold is given, or an option is out of range.</exception>
    public static DynamicSurgeryOptions Read(TechniqueOptions options)
    {
        var result = new DynamicSurgeryOptions(
            options.Has("level") ? options.Number("level", 0, 0.99999) : null,
            options.Has("threshold") ? options.Number("threshold", -10, 10) : null,
            options.Word("scope", "layer", "global") == "global" ? PruningScope.Global : PruningScope.Layer,
            options.Integer("every", 1, 100_000, 16),
            options.Number("rise", 0, 1, 0.4),
            options.Number("until", 0, 1, 0.75));
        if (result.Level is null == result.Threshold is null) throw options.Error(null, "needs exactly one of 'level' and 'threshold'");
        if (result.Rise > result.Until) throw options.Error("rise", $"'rise: {result.Rise}' must not be above 'until: {result.Until}'");
        if (result.Threshold is not null && result.Scope == PruningScope.Global) throw options.Error("scope", "'scope: global' goes with 'level'; a threshold is each weight's own");
        return result;
    }
}

using Decant.Core;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>Options of gradual pruning.</summary>
/// <param name="Level">The share of zeros at the end, 0 to 1.</param>
/// <param name="InitialLevel">The share of zeros at the beginning, at most <paramref name="Level"/>.</param>
/// <param name="Begin">When pruning begins, as a share of the round's steps.</param>
/// <param name="End">When the level is reached, as a share of the round's steps.</param>
/// <param name="Every">Steps between two prunings.</param>
/// <param name="Scope">Among what numbers the smallest are found.</param>
public sealed record GradualPruningOptions(double Level, double InitialLevel, double Begin, double End, int Every, PruningScope Scope)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static GradualPruningOptions Read(TechniqueOptions options)
    {
        double level = options.Number("level", 0, 0.99999), begin = options.Number("begin", 0, 1, 0);
        return new GradualPruningOptions(
            level, options.Number("initial-level", 0, level, 0), begin, options.Number("end", begin, 1, Math.Max(begin, 0.75)),
            options.Integer("every", 1, 1_000_000, 100), options.Word("scope", "layer", "global") == "global" ? PruningScope.Global : PruningScope.Layer);
    }

    /// <summary>The level that is due when some steps are done, null if none is: s_f + (s_i − s_f)(1 − (t − t₀) / (t₁ − t₀))³ (Zhu, Gupta 2017, equation 1).</summary>
    /// <param name="done">Steps done; 0 before the first.</param>
    /// <param name="steps">Steps in all.</param>
    public double? Due(long done, long steps)
    {
        long first = (long)Math.Round(Begin * steps), last = (long)Math.Round(End * steps);
        if (done < first || done > last || ((done - first) % Every != 0 && done != last)) return null;
        double left = last == first ? 0 : 1 - (double)(done - first) / (last - first);
        return Level + (InitialLevel - Level) * left * left * left;
    }
}

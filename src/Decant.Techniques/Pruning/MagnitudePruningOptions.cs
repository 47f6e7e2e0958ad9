using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Options of magnitude pruning: exactly one criterion is given.</summary>
/// <param name="Level">The share of weights that end as zero, 0 to 1; null if not by level.</param>
/// <param name="Threshold">Weights of smaller magnitude become zero; null if not by threshold.</param>
/// <param name="Sensitivity">The threshold as a multiple of the weight's standard deviation; null if not by sensitivity.</param>
/// <param name="Ramp">How the level or threshold rises over a stage's rounds.</param>
public sealed record MagnitudePruningOptions(double? Level, double? Threshold, double? Sensitivity, Ramp Ramp)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">None or several criteria are given, or one is out of range.</exception>
    public static MagnitudePruningOptions Read(TechniqueOptions options)
    {
        var result = new MagnitudePruningOptions(
            options.Has("level") ? options.Number("level", 0, 0.99999) : null,
            options.Has("threshold") ? options.Number("threshold", 0, double.MaxValue) : null,
            options.Has("sensitivity") ? options.Number("sensitivity", 0, 100) : null,
            options.Word("ramp", "geometric", "linear", "cubic") switch { "linear" => Ramp.Linear, "cubic" => Ramp.Cubic, _ => Ramp.Geometric });
        int given = (result.Level is null ? 0 : 1) + (result.Threshold is null ? 0 : 1) + (result.Sensitivity is null ? 0 : 1);
        return given == 1 ? result : throw options.Error(null, "needs exactly one of 'level', 'threshold' and 'sensitivity'");
    }
}

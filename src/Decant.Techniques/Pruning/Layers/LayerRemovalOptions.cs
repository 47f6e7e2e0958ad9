using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Options of layer removal.</summary>
/// <param name="IsOfBlocks">Whether whole residual blocks are removed, or single layers.</param>
/// <param name="Layers">Names of what goes, patterns; empty if the criterion decides.</param>
/// <param name="Level">The share that goes, 0 to 1; null if not by level.</param>
/// <param name="Count">How many go; null if not by count.</param>
/// <param name="Criterion">What decides which go.</param>
/// <param name="Ramp">How the number rises over a stage's rounds.</param>
public sealed record LayerRemovalOptions(bool IsOfBlocks, IReadOnlyList<string> Layers, double? Level, int? Count, PartCriterion Criterion, Ramp Ramp)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">Not exactly one of what says how much goes is given, or an option is out of range.</exception>
    public static LayerRemovalOptions Read(TechniqueOptions options)
    {
        var result = new LayerRemovalOptions(
            options.Word("unit", "block", "layer") == "block",
            options.Names("layers"),
            options.Has("level") ? options.Number("level", 0, 1) : null,
            options.Has("count") ? options.Integer("count", 1, 100_000) : null,
            PartCriterion.Read(options),
            RampSchedule.Read(options, Ramp.Linear));
        int given = (result.Level is null ? 0 : 1) + (result.Count is null ? 0 : 1) + (result.Layers.Count == 0 ? 0 : 1);
        return given == 1 ? result : throw options.Error(null, "needs exactly one of 'level' (the share that goes), 'count' and 'layers' (names)");
    }
}

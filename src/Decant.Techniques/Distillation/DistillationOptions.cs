using Decant.Core;

namespace Decant.Techniques.Distillation;

/// <summary>Options of distillation: the loss is labels · cross-entropy + teacher · τ² · cross-entropy with the teacher's softened outputs.</summary>
/// <param name="Temperature">τ, by which the outputs of both are divided.</param>
/// <param name="Teacher">The factor of the teacher's part.</param>
/// <param name="Labels">The factor of the labels' part.</param>
public sealed record DistillationOptions(double Temperature, double Teacher, double Labels)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is out of range.</exception>
    public static DistillationOptions Read(TechniqueOptions options) =>
        new(options.Number("temperature", 0.1, 100, 4), options.Number("teacher", 0, 100, 0.9), options.Number("labels", 0, 100, 0.1));
}

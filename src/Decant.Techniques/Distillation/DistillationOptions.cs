using Decant.Core;
using Decant.Training.Data;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Options of distillation: the loss is labels · the loss on labels + teacher · τ² · cross-entropy with the teacher's softened outputs + hint ·
/// mean over hints of ‖s − t‖² / ‖t‖².
/// </summary>
/// <param name="Temperature">τ, by which the outputs of both are divided.</param>
/// <param name="Teacher">The factor of the teacher's part.</param>
/// <param name="Labels">The factor of the labels' part.</param>
/// <param name="Hint">The factor of the hints' part.</param>
/// <param name="Hints">Names of the nodes whose outputs should be the teacher's, patterns; empty for none.</param>
/// <param name="Source">Who teaches.</param>
/// <param name="Preprocessing">The teacher's pixel arithmetic; null for what it says of itself.</param>
public sealed record DistillationOptions(
    double Temperature, double Teacher, double Labels, double Hint, IReadOnlyList<string> Hints, TeacherSource Source = TeacherSource.Start, Preprocessing? Preprocessing = null)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is out of range, or a factor of hints is given without hints.</exception>
    public static DistillationOptions Read(TechniqueOptions options)
    {
        var result = new DistillationOptions(options.Number("temperature", 0.1, 100, 4), options.Number("teacher", 0, 100, 0.9),
            options.Number("labels", 0, 100, 0.1), options.Number("hint", 0, 1e6, 1), options.Names("hints"),
            options.Word("from", "start", "teacher") == "teacher" ? TeacherSource.Teacher : TeacherSource.Start, ReadPreprocessing(options));
        if (options.Has("hint") && result.Hints.Count == 0) throw options.Error("hint", "'hint' is the factor of 'hints', which names nodes, such as \"*/Add\"");
        if (result is { Preprocessing: not null, Source: TeacherSource.Start })
            throw options.Error("preprocessing", "'preprocessing' is the pixel arithmetic of another network: it needs 'from: teacher'");
        return result;
    }

    private static Preprocessing? ReadPreprocessing(TechniqueOptions options)
    {
        if (!options.Has("preprocessing")) return null;
        try
        {
            return Preprocessing.Parse(options.Text("preprocessing", ""));
        }
        catch (DataException e)
        {
            throw options.Error("preprocessing", e.Message);
        }
    }
}

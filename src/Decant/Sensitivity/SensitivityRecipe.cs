using System.Globalization;
using System.Text;
using Decant.Pipelines;

namespace Decant.Sensitivity;

/// <summary>
/// Makes a pipeline of levels that were chosen: a technique for each weight or group, in one stage that prunes and does
/// not train.
/// </summary>
public static class SensitivityRecipe
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The pipeline.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="choice">The levels.</param>
    public static Pipeline Of(SensitivityReport report, SensitivityChoice choice) =>
        new()
        {
            Name = "sensitivity",
            Description = $"prunes each {report.Subject} as far as its sensitivity allows",
            Preprocessing = choice.Preprocessing,
            HoldOut = report.Reference.Count,
            Stages =
            [
                new PipelineStage
                {
                    Name = "prune",
                    Uses = [.. choice.Levels.Where(l => l.Level > 0).Select(l => UseOf(report, choice, l))],
                },
            ],
        };

    /// <summary>The pipeline as a recipe; comments say what was measured.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="choice">The levels.</param>
    public static string Write(SensitivityReport report, SensitivityChoice choice)
    {
        var text = new StringBuilder()
            .Append(Plain, $"# Measured on {OneLine(report.Images)}, which the network may have been trained on:\n")
            .Append(
                Plain,
                $"# {OneLine(report.Reference.Primary.ToString())} as it is, "
                    + $"{choice.Score.Primary.Text} pruned by this recipe without retraining; "
                    + $"{report.Reference.Primary.TextOf(choice.Target)} was asked for.\n"
            )
            .Append(
                Plain,
                $"# {choice.Kept:#,0} of {choice.Of:#,0} {report.Parts} are kept "
                    + $"({Percent((double)choice.Kept / choice.Of)}).\n"
            );
        foreach (ChosenLevel level in choice.Levels.Where(l => l.Level > 0))
        {
            SensitivityPoint near = CurveOf(report, level).Points.Last(p => p.Level <= level.Level);
            text.Append(Plain, $"# {OneLine(level.Name)} alone at {near.Level}: {near.Score.Primary.Text}\n");
        }
        return text.Append(Of(report, choice).ToYaml()).ToString();
    }

    private static TechniqueUse UseOf(SensitivityReport report, SensitivityChoice choice, ChosenLevel level) =>
        new(level.Name, SingleTargetPruner.TechniqueAt(report.Structured, choice.Criterion, level.Level))
        {
            Weights = [.. CurveOf(report, level).Weights.Select(WeightPatterns.Exactly)],
        };

    private static SensitivityCurve CurveOf(SensitivityReport report, ChosenLevel level) =>
        report.Curves.First(c => c.Name == level.Name);

    private static string Percent(double share) => (100 * share).ToString("0.00", Plain) + " %";

    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}

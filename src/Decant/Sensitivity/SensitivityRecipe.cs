using System.Globalization;
using System.Text;
using Decant.Recipes;

namespace Decant.Sensitivity;

/// <summary>
/// Writes levels that were chosen as a recipe: a technique a weight or group, in one stage that prunes and does not
/// train.
/// </summary>
public static class SensitivityRecipe
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The recipe's YAML; comments say what was measured.</summary>
    public static string Of(SensitivityReport report, SensitivityChoice choice)
    {
        ChosenLevel[] pruned = [.. choice.Levels.Where(l => l.Level > 0)];
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
                $"# {choice.Kept:#,0} of {choice.Of:#,0} {report.Parts} stay "
                    + $"({Percent((double)choice.Kept / choice.Of)}).\n"
            )
            .Append(
                Plain,
                $"recipe: sensitivity\ndescription: prunes each {report.Subject} as far as its sensitivity allows\n"
            );
        if (choice.Preprocessing is { } p)
            text.Append(Plain, $"preprocessing: {YamlText.Map(p)}\n");
        text.Append(Plain, $"hold-out: {report.Reference.Count}\ntechniques:\n");
        foreach (ChosenLevel level in pruned)
            text.Append(Technique(report, choice, level));
        text.Append("stages:\n  - name: prune\n    use:\n");
        foreach (ChosenLevel level in pruned)
            text.Append(Plain, $"      - {YamlText.Quoted(level.Name)}\n");
        return text.ToString();
    }

    private static string Technique(SensitivityReport report, SensitivityChoice choice, ChosenLevel level)
    {
        SensitivityCurve curve = report.Curves.First(c => c.Name == level.Name);
        SensitivityPoint near = curve.Points.Last(p => p.Level <= level.Level);
        string weights = string.Join(", ", curve.Weights.Select(w => YamlText.Quoted(WeightPatterns.Exactly(w)))),
            settings = string.Join(", ", choice.Settings.Select(s => $"{s.Key}: {s.Value}"));
        return string.Create(
                Plain,
                $"  {YamlText.Quoted(level.Name)}: {{{settings}, weights: [{weights}], level: {level.Level}}}"
            ) + string.Create(Plain, $" # alone at {near.Level}: {near.Score.Primary.Text}\n");
    }

    private static string Percent(double share) => (100 * share).ToString("0.00", Plain) + " %";

    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}

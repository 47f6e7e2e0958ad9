using Decant.Reports;
using static Decant.Reports.ReportText;

namespace Decant.Sensitivity;

/// <summary>An analysis of sensitivity, and what was chosen by it, as people and as scripts read it.</summary>
public static class SensitivityDocument
{
    private const int Shown = 4;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>The document.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="folder">The folder of the table and the plot.</param>
    /// <param name="choice">The levels that were chosen; null for none.</param>
    /// <param name="recipe">The file of their recipe; null for none.</param>
    public static ReportDocument Of(
        SensitivityReport report,
        string folder,
        SensitivityChoice? choice = null,
        string? recipe = null
    )
    {
        string csv = Path.Combine(folder, "sensitivity.csv"),
            plot = Path.Combine(folder, "sensitivity.svg");
        var document = new ReportDocument(
            Data(report, csv, plot, choice, recipe),
            Table(report, choice),
            new ReportLine(
                $"{report.Reference.Primary} with nothing pruned, on {report.Images}; the network "
                    + "may have been trained on them"
            ),
            new ReportLine($"{csv}, {plot}")
        );
        return choice is null ? document : document.With(new ReportLine(Chosen(report, choice, recipe)));
    }

    private static object Data(
        SensitivityReport report,
        string csv,
        string plot,
        SensitivityChoice? choice,
        string? recipe
    ) =>
        new
        {
            report.Data,
            report.Seed,
            report.Structured,
            report.Reference,
            Curves = report.Curves.Select(c => new
            {
                c.Name,
                c.Of,
                WithinOnePoint = report.WithinOnePoint(c),
                c.Points,
            }),
            Csv = csv,
            Plot = plot,
            Recipe = choice is null
                ? null
                : new
                {
                    File = recipe,
                    choice.Target,
                    choice.Score,
                    choice.Kept,
                    choice.Of,
                    choice.Levels,
                },
        };

    private static ReportTable Table(SensitivityReport report, SensitivityChoice? choice)
    {
        double[] levels =
        [
            .. report
                .Curves.SelectMany(c => c.Points)
                .Select(p => p.Level)
                .Where(l => l > 0)
                .Distinct()
                .Order()
                .TakeLast(Shown),
        ];
        Dictionary<string, double>? chosen = choice?.Levels.ToDictionary(
            l => l.Name,
            l => l.Level,
            StringComparer.Ordinal
        );
        return ReportTable.Of(
            [
                report.Subject,
                report.Parts,
                $"{report.Reference.Primary.Name} by level",
                .. levels.Select(l => $"{Unit(report)}at {Level(l)}"),
                "within 1 point to",
                .. chosen is null ? (string[])[] : ["recipe"],
            ],
            report.Curves.Select(c =>
                (IReadOnlyList<string>)
                    [
                        c.Name,
                        Count(c.Of),
                        Spark(report, c),
                        .. levels.Select(l => At(c, l)),
                        Level(report.WithinOnePoint(c)),
                        .. chosen is null ? (string[])[] : [Level(chosen[c.Name])],
                    ]
            )
        );
    }

    private static string Chosen(SensitivityReport report, SensitivityChoice choice, string? recipe) =>
        $"{recipe}: {choice.Score.Primary.Text} with all {report.Subject}s pruned together, "
        + $"without retraining ({choice.Score.Primary.TextOf(choice.Target)} asked for); "
        + $"{Count(choice.Kept)} of {Count(choice.Of)} {report.Parts} are kept "
        + $"({ReportText.Number(100.0 * choice.Kept / choice.Of, "0.00")} %)";

    private static string Level(double level) => ReportText.Number(level, "");

    private static string At(SensitivityCurve curve, double level) =>
        curve.Points.FirstOrDefault(p => p.Level == level) is { } point
            ? point.Score.Primary.NumberOf(point.Value)
            : "";

    private static string Unit(SensitivityReport report) =>
        report.Reference.Primary.Unit is { Length: > 0 } unit ? $"{unit} " : "";

    /// <summary>The primary metric level by level, a bar each, up to its value with nothing pruned.</summary>
    private static string Spark(SensitivityReport report, SensitivityCurve curve)
    {
        double whole = report.Reference.Primary.Value;
        return string.Concat(
                curve.Points.Select(p =>
                    Bars[whole <= 0 ? 0 : Math.Clamp((int)(Bars.Length * p.Value / whole), 0, Bars.Length - 1)]
                )
            )
            .PadRight(report.Curves.Max(c => c.Points.Length));
    }
}

using System.Globalization;
using Decant.Sensitivity;

namespace Decant.Cli.Screen;

/// <summary>An analysis of sensitivity, as people and as scripts read it.</summary>
internal static class SensitivityTables
{
    private const int Shown = 4;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static void Print(SensitivityReport report, string folder, SensitivityChoice? choice, string? recipe)
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
        Dictionary<string, double>? chosen = choice?.Levels.ToDictionary(l => l.Name, l => l.Level);
        Tables.Print(
            [
                report.Subject,
                report.Parts,
                "accuracy by level",
                .. levels.Select(l => $"% at {l.ToString(Plain)}"),
                "within 1 point to",
                .. chosen is null ? (string[])[] : ["recipe"],
            ],
            report.Curves.Select(c =>
                (IReadOnlyList<string>)
                    [
                        c.Name,
                        Tables.Number(c.Of),
                        Spark(report, c),
                        .. levels.Select(l => At(c, l)),
                        report.WithinOnePoint(c).ToString(Plain),
                        .. chosen is null ? (string[])[] : [chosen[c.Name].ToString(Plain)],
                    ]
            )
        );
        Console.WriteLine(
            $"{Percent(report.Reference.Accuracy)} with nothing pruned, on {report.Images}; the network "
                + "may have been trained on them"
        );
        Console.WriteLine($"{Path.Combine(folder, "sensitivity.csv")}, {Path.Combine(folder, "sensitivity.svg")}");
        if (choice is not null)
            Console.WriteLine(
                $"{recipe}: {Percent(choice.Score.Accuracy)} with all {report.Subject}s pruned together, "
                    + $"without retraining ({Percent(choice.Target)} asked for); "
                    + $"{Tables.Number(choice.Kept)} of {Tables.Number(choice.Of)} {report.Parts} stay "
                    + $"({Percent((double)choice.Kept / choice.Of)})"
            );
    }

    public static void PrintJson(SensitivityReport report, string folder, SensitivityChoice? choice, string? recipe) =>
        Json.Print(
            new
            {
                report.Data,
                report.Seed,
                report.Structured,
                Images = report.Reference.Count,
                report.Reference.Accuracy,
                report.Reference.Top5,
                Curves = report.Curves.Select(c => new
                {
                    c.Name,
                    c.Of,
                    WithinOnePoint = report.WithinOnePoint(c),
                    c.Points,
                }),
                Csv = Path.Combine(folder, "sensitivity.csv"),
                Plot = Path.Combine(folder, "sensitivity.svg"),
                Recipe = choice is null
                    ? null
                    : new
                    {
                        File = recipe,
                        choice.Target,
                        choice.Score.Accuracy,
                        choice.Kept,
                        choice.Of,
                        choice.Levels,
                    },
            }
        );

    private static string At(SensitivityCurve curve, double level) =>
        curve.Points.FirstOrDefault(p => p.Level == level) is { } point
            ? (100 * point.Accuracy).ToString("0.00", Plain)
            : "";

    private static string Spark(SensitivityReport report, SensitivityCurve curve) =>
        string.Concat(
                curve.Points.Select(p =>
                    Bars[
                        report.Reference.Accuracy == 0
                            ? 0
                            : Math.Clamp(
                                (int)(Bars.Length * p.Accuracy / report.Reference.Accuracy),
                                0,
                                Bars.Length - 1
                            )
                    ]
                )
            )
            .PadRight(report.Curves.Max(c => c.Points.Length));

    private static string Percent(double share) => (100 * share).ToString("0.00", Plain) + " %";
}

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
        Dictionary<string, double>? chosen = choice?.Levels.ToDictionary(
            l => l.Name,
            l => l.Level,
            StringComparer.Ordinal
        );
        Tables.Print(
            [
                report.Subject,
                report.Parts,
                $"{report.Reference.Primary.Name} by level",
                .. levels.Select(l => $"{Unit(report)}at {l.ToString(Plain)}"),
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
            $"{report.Reference.Primary} with nothing pruned, on {report.Images}; the network "
                + "may have been trained on them"
        );
        Console.WriteLine($"{Path.Combine(folder, "sensitivity.csv")}, {Path.Combine(folder, "sensitivity.svg")}");
        if (choice is not null)
            Console.WriteLine(
                $"{recipe}: {choice.Score.Primary.Text} with all {report.Subject}s pruned together, "
                    + $"without retraining ({choice.Score.Primary.TextOf(choice.Target)} asked for); "
                    + $"{Tables.Number(choice.Kept)} of {Tables.Number(choice.Of)} {report.Parts} are kept "
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
                report.Reference,
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
                        choice.Score,
                        choice.Kept,
                        choice.Of,
                        choice.Levels,
                    },
            }
        );

    private static string At(SensitivityCurve curve, double level) =>
        curve.Points.FirstOrDefault(p => p.Level == level) is { } point
            ? point.Score.Primary.NumberOf(point.Value)
            : "";

    private static string Unit(SensitivityReport report) =>
        report.Reference.Primary.Unit is { Length: > 0 } unit ? $"{unit} " : "";

    private static string Spark(SensitivityReport report, SensitivityCurve curve) =>
        string.Concat(
                curve.Points.Select(p =>
                    Bars[
                        report.Reference.Primary.Value <= 0
                            ? 0
                            : Math.Clamp(
                                (int)(Bars.Length * p.Value / report.Reference.Primary.Value),
                                0,
                                Bars.Length - 1
                            )
                    ]
                )
            )
            .PadRight(report.Curves.Max(c => c.Points.Length));

    private static string Percent(double share) => (100 * share).ToString("0.00", Plain) + " %";
}

using static Decant.Reports.ReportText;

namespace Decant.Reports;

/// <summary>One row of a results table: what must hold, what is hoped for, what was measured.</summary>
/// <param name="Name">What was measured, with its conditions.</param>
/// <param name="Must">The bound that must hold, such as ≤27000; empty where the value is only reported.</param>
/// <param name="Goal">The bound hoped for; empty if none.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Holds">Whether the must holds; true where there is none.</param>
public sealed record ResultRow(string Name, string Must, string Goal, double Measured, string Unit, bool Holds)
{
    /// <summary>A value that must not be above a bound.</summary>
    public static ResultRow AtMost(string name, double measured, double must, double? goal, string unit) =>
        new(name, $"≤{Text(must)}", goal is { } g ? $"≤{Text(g)}" : "", measured, unit, measured <= must);

    /// <summary>A value that must not be below a bound.</summary>
    public static ResultRow AtLeast(string name, double measured, double must, double? goal, string unit) =>
        new(name, $"≥{Text(must)}", goal is { } g ? $"≥{Text(g)}" : "", measured, unit, measured >= must);

    /// <summary>A value that is reported.</summary>
    public static ResultRow Reported(string name, double measured, string unit) =>
        new(name, "", "", measured, unit, true);

    /// <summary>The document of a table of results.</summary>
    public static ReportDocument Document(IReadOnlyList<ResultRow> rows) =>
        new(
            new { rows },
            ReportTable.Of(
                ["measurement", "must", "goal", "measured", "unit", "holds"],
                rows.Select(r => (IReadOnlyList<string>)[r.Name, r.Must, r.Goal, Text(r.Measured), r.Unit, Verdict(r)])
            )
        );

    private static string Verdict(ResultRow row) =>
        row.Must.Length == 0 ? ""
        : row.Holds ? "yes"
        : "NO";

    private static string Text(double value) => Number(value, "#,0.####");
}

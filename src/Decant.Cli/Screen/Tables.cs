using System.Globalization;
using Decant.Data;
using Decant.Reports;
using Spectre.Console;

namespace Decant.Cli.Screen;

/// <summary>Tables as people read them, on standard output.</summary>
internal static class Tables
{
    // From this width on, cells have a space on either side.
    private const int Wide = 96;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Prints a table. Columns of words wrap where the terminal is narrow; numbers never do.</summary>
    public static void Print(
        IReadOnlyList<string> heads,
        IEnumerable<IReadOnlyList<string>> rows,
        int words = 1,
        string? title = null
    )
    {
        // A pipe has no width and no colours: tables must not wrap there, nor hold codes.
        if (Console.IsOutputRedirected)
            (AnsiConsole.Profile.Width, AnsiConsole.Profile.Capabilities.Ansi) = (200, false);
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii2 : TableBorder.Rounded };
        int margin = AnsiConsole.Profile.Width >= Wide ? 1 : 0;
        if (title is not null)
            table.Title = new TableTitle(Markup.Escape(title));
        for (int i = 0; i < heads.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(heads[i]))
            {
                NoWrap = i >= words,
                Padding = new Padding(margin, 0),
            };
            table.AddColumn(i < words ? column.LeftAligned() : column.RightAligned());
        }
        foreach (IReadOnlyList<string> row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    /// <summary>One line on a run: the file, its size, and the primary metric before and after.</summary>
    public static void Summary(CompressionReport report)
    {
        string score = report is { Before.Primary: { } before, After.Primary: { } after }
            ? $", {after.Name} {before.Text} → {after.Text}"
            : "";
        Console.WriteLine(
            $"{report.File}: {report.Bytes:N0} bytes, {report.Ratio:0.0}x smaller than 32-bit floats{score}"
        );
        foreach (string note in report.Notes)
            Console.WriteLine(note);
    }

    public static void Results(IEnumerable<ResultRow> rows) =>
        Print(
            ["measurement", "must", "goal", "measured", "unit", "holds"],
            rows.Select(r =>
                (IReadOnlyList<string>)
                    [
                        r.Name,
                        r.Must,
                        r.Goal,
                        r.Measured.ToString("#,0.####", Plain),
                        r.Unit,
                        r.Must.Length == 0 ? ""
                        : r.Holds ? "yes"
                        : "NO",
                    ]
            )
        );

    public static void Layers(IReadOnlyList<LayerReport> layers, long bytes) =>
        Print(
            ["weight", "shape", "stored as", "parameters", "non-zero", "%", "bits", "MACs", "bytes"],
            layers
                .Select(l =>
                    (IReadOnlyList<string>)
                        [
                            l.Name,
                            l.Shape,
                            l.Encoding,
                            Number(l.Parameters),
                            Number(l.NonZeros),
                            Percent(l.NonZeros, l.Parameters),
                            Number(l.Bits),
                            Number(l.Macs),
                            Number(l.Bytes),
                        ]
                )
                .Append([
                    "total",
                    "",
                    "",
                    Number(layers.Sum(l => l.Parameters)),
                    Number(layers.Sum(l => l.NonZeros)),
                    Percent(layers.Sum(l => l.NonZeros), layers.Sum(l => l.Parameters)),
                    "",
                    Number(layers.Sum(l => l.Macs)),
                    Number(bytes),
                ]),
            words: 3
        );

    public static void Stages(CompressionReport report)
    {
        foreach (StageReport stage in report.Stages.Skip(1))
            Print(
                ["weight", "parameters", "non-zero", "%", "bits", "bytes"],
                stage
                    .Layers.Select(l =>
                        (IReadOnlyList<string>)
                            [
                                l.Name,
                                Number(l.Parameters),
                                Number(l.NonZeros),
                                Percent(l.NonZeros, l.Parameters),
                                Number(l.Bits),
                                Number(l.Bytes),
                            ]
                    )
                    .Append(Sums(stage)),
                title: $"after {stage.Name}"
            );
        long parameters = report.Stages[0].Layers.Sum(l => l.Parameters);
        Print(
            ["stage", "file bytes", "ratio", .. report.Before is { } before ? before.Values.Select(Head) : []],
            report.Stages.Select(s =>
                (IReadOnlyList<string>)
                    [
                        s.Name,
                        Number(s.Bytes),
                        $"{4.0 * parameters / s.Bytes:0.0}x",
                        .. s.Score is { } score ? score.Values.Select(v => v.NumberOf(v.Value)) : [],
                    ]
            )
        );
    }

    private static string Head(MetricValue value) => value.Unit.Length == 0 ? value.Name : $"{value.Name} {value.Unit}";

    public static string Number(long value) => value.ToString("#,0", Plain);

    private static string[] Sums(StageReport s)
    {
        long left = s.Layers.Sum(l => l.NonZeros),
            all = s.Layers.Sum(l => l.Parameters);
        return ["whole file", Number(all), Number(left), Percent(left, all), "", Number(s.Bytes)];
    }

    private static string Percent(long part, long whole) =>
        whole == 0 ? "" : (100.0 * part / whole).ToString("0.0", Plain);
}

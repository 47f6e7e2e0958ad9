using Decant.Reports;
using Spectre.Console;

namespace Decant.Cli.Screen;

/// <summary>Renders documents on the terminal.</summary>
internal static class TerminalReport
{
    // From this width on, cells have a space on either side.
    private const int Wide = 96;

    // A pipe has no width and no colours: tables must not wrap there, nor hold codes.
    private const int PipeWidth = 200;

    /// <summary>Prints a document on standard output.</summary>
    public static void Print(ReportDocument document)
    {
        if (Console.IsOutputRedirected)
            (AnsiConsole.Profile.Width, AnsiConsole.Profile.Capabilities.Ansi) = (PipeWidth, false);
        Print(document, AnsiConsole.Console, Console.IsOutputRedirected);
    }

    /// <summary>Prints a document on a console of some width; to a pipe in plain letters, lines whole.</summary>
    public static void Print(ReportDocument document, IAnsiConsole console, bool toPipe)
    {
        foreach (ReportPart part in document.Parts)
            if (part is ReportTable table)
                console.Write(Rendered(table, console.Profile.Width, toPipe));
            else if (toPipe)
                console.Profile.Out.Writer.WriteLine(((ReportLine)part).Text);
            else
                console.WriteLine(((ReportLine)part).Text);
    }

    private static Table Rendered(ReportTable table, int width, bool toPipe)
    {
        int margin = width >= Wide ? 1 : 0;
        bool fits = Widths(table).Sum(w => w + 2 * margin + 1) < width;
        var rendered = new Table { Border = toPipe ? TableBorder.Ascii2 : TableBorder.Rounded };
        if (table.Title is { } title)
            rendered.Title = new TableTitle(Markup.Escape(title));
        for (int i = 0; i < table.Columns.Length; i++)
            rendered.AddColumn(Column(table, i, margin, fits));
        foreach (IEnumerable<string> row in table.Rows)
            rendered.AddRow([.. row.Select(Markup.Escape)]);
        return rendered;
    }

    private static IEnumerable<int> Widths(ReportTable table) =>
        table.Columns.Select((c, i) => Math.Max(c.Heading.Length, Longest(table, i)));

    private static int Longest(ReportTable table, int column) =>
        table.Rows.Select(r => r[column].Length).DefaultIfEmpty().Max();

    /// <summary>Where the terminal is narrow columns of words wrap; numbers never do, but their headings.</summary>
    private static TableColumn Column(ReportTable table, int index, int margin, bool fits)
    {
        ReportColumn column = table.Columns[index];
        string heading = column.Heading;
        if (column.IsNumeric && !fits)
            heading = Wrapped(heading, Longest(table, index));
        var made = new TableColumn(Markup.Escape(heading))
        {
            NoWrap = column.IsNumeric,
            Padding = new Padding(margin, 0),
        };
        return column.IsNumeric ? made.RightAligned() : made.LeftAligned();
    }

    /// <summary>Words in lines of some width, or of the longest word's.</summary>
    private static string Wrapped(string text, int width)
    {
        string[] words = text.Split(' ');
        width = Math.Max(width, words.Max(w => w.Length));
        var lines = new List<string> { words[0] };
        foreach (string word in words.Skip(1))
            if (lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        return string.Join('\n', lines);
    }
}

using System.Text;

namespace Decant.Reports;

/// <summary>Renders documents as Markdown, as in results under version control.</summary>
public static class MarkdownReport
{
    /// <summary>The Markdown of a document: tables, with their titles in bold above, and paragraphs.</summary>
    public static string Of(ReportDocument document) => string.Join('\n', document.Parts.Select(Of));

    private static string Of(ReportPart part) =>
        part is ReportTable table ? Table(table) : $"{Escaped(((ReportLine)part).Text)}\n";

    private static string Table(ReportTable table)
    {
        var text = new StringBuilder();
        if (table.Title is { } title)
            text.Append($"**{Escaped(title)}**\n\n");
        Row(text, table.Columns.Select(c => Escaped(c.Heading)));
        Row(text, table.Columns.Select(c => c.IsNumeric ? "---:" : "---"));
        foreach (IEnumerable<string> row in table.Rows)
            Row(text, row.Select(Escaped));
        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append($"| {string.Join(" | ", cells)} |\n");

    // What Markdown would take for marks of its own; names of weights have them.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is '|' or '*' or '_' or '`' or '\\' or '<' or '[')
                escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }
}

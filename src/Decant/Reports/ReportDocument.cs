using System.Collections.Immutable;

namespace Decant.Reports;

/// <summary>
/// What a command or an experiment has to say, before anybody decides how it looks: <see cref="MarkdownReport"/> and
/// <see cref="JsonReport"/> render it.
/// </summary>
/// <param name="Data">The results as typed values, which are what JSON holds. Its keys are stable.</param>
/// <param name="Parts">What people read, in order.</param>
public sealed record ReportDocument(object Data, params ImmutableArray<ReportPart> Parts)
{
    /// <summary>The document with more to read at its end; the data stay as they are.</summary>
    public ReportDocument With(params ReadOnlySpan<ReportPart> parts) => this with { Parts = [.. Parts, .. parts] };
}

/// <summary>A part of what people read: a line or a table.</summary>
public abstract record ReportPart;

/// <summary>A line of text.</summary>
/// <param name="Text">The text, without an end of line.</param>
public sealed record ReportLine(string Text) : ReportPart;

/// <summary>A table.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, a text for each column.</param>
public sealed record ReportTable(ImmutableArray<ReportColumn> Columns, ImmutableArray<ImmutableArray<string>> Rows)
    : ReportPart
{
    /// <summary>What stands above it; null for nothing.</summary>
    public string? Title { get; init; }

    /// <summary>A table whose first columns are of words and whose others are of numbers.</summary>
    /// <param name="headings">The columns' headings.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="words">How many columns are of words.</param>
    /// <exception cref="ArgumentException">A row has more or fewer texts than there are columns.</exception>
    public static ReportTable Of(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, int words = 1)
    {
        ImmutableArray<ImmutableArray<string>> all = [.. rows.Select(r => r.ToImmutableArray())];
        if (all.FirstOrDefault(r => r.Length != headings.Count) is { IsDefault: false } odd)
            throw new ArgumentException($"a row has {odd.Length} texts for {headings.Count} columns", nameof(rows));
        return new ReportTable([.. headings.Select((h, i) => new ReportColumn(h, i >= words))], all);
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Heading">What stands above it, with the unit.</param>
/// <param name="IsNumeric">Whether it holds numbers, which are aligned right and never wrap.</param>
public sealed record ReportColumn(string Heading, bool IsNumeric);

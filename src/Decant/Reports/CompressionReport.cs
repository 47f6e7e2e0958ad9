using System.Text.Json.Serialization;
using Decant.Data;
using Decant.Speed;
using static Decant.Reports.ReportText;

namespace Decant.Reports;

/// <summary>
/// What a compression run came to. Sizes are lengths of files, scores those of the file as decoded.
/// </summary>
/// <param name="File">The file written; empty if none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Ratio">Compression ratio: the network's parameters as 32-bit floats, over that length.</param>
/// <param name="Before">The score of the network that went in; null if no data are given.</param>
/// <param name="After">The score of the file; null if no data are given.</param>
/// <param name="Stages">The network that went in, and after each stage.</param>
public sealed record CompressionReport(
    string File,
    long Bytes,
    double Ratio,
    Score? Before,
    Score? After,
    IReadOnlyList<StageReport> Stages
)
{
    /// <summary>The task that was scored; empty if no data are given.</summary>
    public string Task { get; init; } = "";

    /// <summary>What was assumed of the network's preprocessing, in a sentence; null if nothing was.</summary>
    public string? AssumedPreprocessing { get; init; }

    /// <summary>
    /// The file's time over that of the network that went in, in the managed runtime on one thread; null if it was not
    /// measured.
    /// </summary>
    public Timing? TimeRatio { get; init; }

    /// <summary>
    /// What a person should know, a line each: where the primary metric collapsed and which layer is to blame, where
    /// compression brought no speed or no size.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many points of the primary metric the file lost; null if no data are given.</summary>
    [JsonIgnore]
    public double? PointsLost => Before is { } before ? After?.PointsLostSince(before) : null;

    /// <summary>The report as a document: each stage's weights, the stages, the file and the notes.</summary>
    public ReportDocument ToDocument() =>
        new ReportDocument(this, [.. Stages.Skip(1).Select(s => s.ToTable()), StageTable()]).With([.. Summary()]);

    private static string FidelityName { get; } = new Fidelity().Name;

    /// <summary>The file, its size, the primary metric before and after, and the notes.</summary>
    internal IEnumerable<ReportLine> Summary()
    {
        string score = this is { Before.Primary: { } before, After.Primary: { } after }
            ? $", {after.Name} {before.Text} → {after.Text}"
            : "";
        yield return new ReportLine(
            $"{File}: {Count(Bytes)} bytes, {Number(Ratio, "0.0")}x smaller than 32-bit floats{score}"
        );
        if (After is { Values: [_, .. { Length: > 0 } others] } && Task == FidelityName)
            yield return new ReportLine($"  {string.Join(", ", others)}");
        foreach (string note in Notes)
            yield return new ReportLine(note);
    }

    private ReportTable StageTable()
    {
        long parameters = Stages[0].Layers.Sum(l => l.Parameters);
        return ReportTable.Of(
            ["stage", "file bytes", "ratio", .. Before is { } before ? before.Values.Select(Heading) : []],
            Stages.Select(s =>
                (IReadOnlyList<string>)
                    [
                        s.Name,
                        Count(s.Bytes),
                        $"{Number(4.0 * parameters / s.Bytes, "0.0")}x",
                        .. s.Score is { } score ? score.Values.Select(v => v.NumberOf(v.Value)) : [],
                    ]
            )
        );
    }

    private static string Heading(MetricValue value) =>
        value.Unit.Length == 0 ? value.Name : $"{value.Name} {value.Unit}";
}

/// <summary>A network after a stage.</summary>
/// <param name="Name">The stage; "reference" for the network that went in.</param>
/// <param name="Bytes">The length of the container that holds the network then.</param>
/// <param name="Score">The score of the decoded container; null if no data are given.</param>
/// <param name="Layers">Its weights.</param>
public sealed record StageReport(string Name, long Bytes, Score? Score, IReadOnlyList<LayerReport> Layers)
{
    internal ReportTable ToTable()
    {
        long left = Layers.Sum(l => l.NonZeros),
            all = Layers.Sum(l => l.Parameters);
        return ReportTable.Of(
            ["weight", "parameters", "non-zero", "%", "bits", "bytes"],
            Layers
                .Select(l =>
                    (IReadOnlyList<string>)
                        [
                            l.Name,
                            Count(l.Parameters),
                            Count(l.NonZeros),
                            Percent(l.NonZeros, l.Parameters),
                            Count(l.Bits),
                            Count(l.Bytes),
                        ]
                )
                .Append(["whole file", Count(all), Count(left), Percent(left, all), "", Count(Bytes)])
        ) with
        {
            Title = $"after {Name}",
        };
    }
}

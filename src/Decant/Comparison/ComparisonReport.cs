using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Decant.Data;
using Decant.Reports;
using Decant.Speed;
using static Decant.Reports.ReportText;

namespace Decant.Comparison;

/// <summary>How large a model is.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Bytes">The length of its file; null where it has none.</param>
/// <param name="Parameters">How many trainable parameters it has.</param>
/// <param name="NonZeros">How many of them are not zero.</param>
/// <param name="Macs">Multiply-accumulates for one example.</param>
public sealed record ModelSize(string Name, long? Bytes, long Parameters, long NonZeros, long Macs);

/// <summary>How two networks compare.</summary>
/// <param name="First">The one that is held to be right.</param>
/// <param name="Second">The other.</param>
public sealed record ComparisonReport(ModelSize First, ModelSize Second)
{
    // A layer with less signal over noise is where answers begin to differ.
    private const double Clearly = 20;

    /// <summary>The second's time over the first's, one thread, one example; null where it was not measured.</summary>
    public Timing? Time { get; init; }

    /// <summary>How close the second's answers are to the first's; null without examples.</summary>
    public Score? Fidelity { get; init; }

    /// <summary>The layers that both have by name, in the second's order.</summary>
    public IReadOnlyList<LayerDifference> Layers { get; init; } = [];

    /// <summary>The task that both were scored on; null where examples have no targets for one.</summary>
    public string? Task { get; init; }

    /// <summary>The first's score; null without a task.</summary>
    public Score? FirstScore { get; init; }

    /// <summary>The second's score; null without a task.</summary>
    public Score? SecondScore { get; init; }

    /// <summary>The first layer, in order, with less than 20 dB; null where there is none.</summary>
    [JsonIgnore]
    public LayerDifference? DivergesAt => Layers.FirstOrDefault(l => l.Sqnr < Clearly);

    /// <summary>The report as a document: layers, answers, sizes, and what is worth saying.</summary>
    public ReportDocument ToDocument()
    {
        var parts = ImmutableArray.CreateBuilder<ReportPart>();
        if (Layers.Count > 0)
            parts.Add(LayerTable());
        parts.Add(SizeTable());
        if (Fidelity is { } score)
            parts.Add(new ReportLine($"answers were compared on {Count(score.Count)} examples"));
        parts.AddRange(Notes().Select(n => new ReportLine(n)));
        return new ReportDocument(this, parts.ToImmutable());
    }

    private ReportTable LayerTable() =>
        ReportTable.Of(
            ["layer", "SQNR dB", ""],
            Layers.Select(l =>
                (IReadOnlyList<string>)
                    [l.Name, Decibels(l.Sqnr), l == DivergesAt ? $"below {Number(Clearly, "0")}" : ""]
            )
        );

    private ReportTable SizeTable()
    {
        var rows = new List<IReadOnlyList<string>>
        {
            Row("bytes", First.Bytes, Second.Bytes),
            Row("parameters", First.Parameters, Second.Parameters),
            Row("non-zero", First.NonZeros, Second.NonZeros),
            Row("multiply-accumulates", First.Macs, Second.Macs),
        };
        if (Time is { } time)
            rows.Add(["time of one example", "", "", Number(time.Median, "0.00")]);
        if (Fidelity is { } fidelity)
            rows.AddRange(fidelity.Values.Select(v => (IReadOnlyList<string>)[v.Name, "", v.Text, ""]));
        if (FirstScore is { } before && SecondScore is { } after)
            rows.AddRange(
                before
                    .Values.Zip(after.Values)
                    .Select(v => (IReadOnlyList<string>)[v.First.Name, v.First.Text, v.Second.Text, ""])
            );
        return ReportTable.Of(["", First.Name, Second.Name, "ratio"], rows);
    }

    private static IReadOnlyList<string> Row(string what, long? first, long? second) =>
        [
            what,
            first is { } a ? Count(a) : "",
            second is { } b ? Count(b) : "",
            first > 0 && second is not null ? Number((double)second / first.Value, "0.000") : "",
        ];

    private IEnumerable<string> Notes()
    {
        if (Fidelity is not null && Layers.Count == 0)
            yield return "no layer has an output of the same name in both: only answers are compared";
        if (Layers.Count(l => double.IsNaN(l.Sqnr)) is > 0 and var unlike)
            yield return $"{unlike} layers have another shape, or are not finite: they were not compared";
        if (Second.Bytes >= First.Bytes)
            yield return $"{Second.Name} is no smaller than {First.Name}";
        if (Time is { } time && SpeedComparison.IsSlower(time))
            yield return $"{Second.Name} is slower than {First.Name}: {SpeedComparison.Text(time)}";
    }

    private static string Decibels(double value) =>
        double.IsNaN(value) ? "-"
        : double.IsPositiveInfinity(value) ? "equal"
        : Number(value, "0.0");
}

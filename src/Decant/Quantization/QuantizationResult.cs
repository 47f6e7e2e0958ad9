using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using static Decant.Reports.ReportText;

namespace Decant.Quantization;

/// <summary>What quantization after training came to.</summary>
/// <param name="Options">The options, with the bits that were chosen.</param>
/// <param name="Network">The quantized network, as decoded from its container.</param>
/// <param name="Pipeline">The pipeline that makes the same of the same network and data.</param>
/// <param name="Report">The sizes and scores.</param>
/// <param name="Errors">What it does to each layer, in the network's order.</param>
public sealed record QuantizationResult(
    QuantizationOptions Options,
    Network Network,
    Pipeline Pipeline,
    CompressionReport Report,
    IReadOnlyList<LayerError> Errors
)
{
    /// <summary>
    /// The layer whose weight alone costs the network's answers most; null where layers were rounded to make up for
    /// each other, so that none stands alone, or where there is none.
    /// </summary>
    public LayerError? MostSensitive =>
        Options.Rounding == WeightRounding.Nearest ? Errors.MinBy(e => e.AloneSqnr) : null;

    /// <summary>How many layers stay floats because <see cref="QuantizationOptions.Keep"/> names a weight of
    /// theirs.</summary>
    public int KeptLayers =>
        Network.Nodes.Count(n => n.Inputs.Any(i => i.Length > 0 && Options.Keep.Any(p => NamePattern.Matches(p, i))));

    /// <summary>
    /// Where only weights are quantized, or without data, what it does to each weight; else empty.
    /// </summary>
    public IReadOnlyList<WeightError> Weights { get; init; } = [];

    /// <summary>
    /// The result as a document: the error of each layer, or of each weight where only weights are quantized, the file
    /// and the notes.
    /// </summary>
    public ReportDocument ToDocument()
    {
        var parts = new List<ReportPart>();
        if (Weights.Count > 0)
            parts.AddRange([WeightTable(), new ReportLine(Left())]);
        if (Errors.Count > 0)
            parts.Add(ErrorTable());
        if (Options.KeepsWithin is { } points)
            parts.Add(new ReportLine(Kept(points)));
        var data = new
        {
            Report,
            Errors,
            Weights,
        };
        return new ReportDocument(data, [.. parts, .. Report.Summary()]);
    }

    /// <summary>The layers that were chosen to stay floats.</summary>
    private string Kept(double points) =>
        Options.Keep.Count == 0
            ? $"every layer is quantized: on the validation set {Number(points, "0.##")} points are lost at most"
            : $"{Count(KeptLayers)} of {Count(KeptLayers + Errors.Count)} layers stay floats, to lose "
                + $"no more than {Number(points, "0.##")} points: {string.Join(", ", Options.Keep)}";

    /// <summary>What stays floats.</summary>
    private string Left()
    {
        Weight[] left = [.. Network.Weights.Where(w => w.IsTrainable && w.Encoding is not LinearEncoding)];
        string largest = left.MaxBy(w => w.Encoding.Count) is { } most ? $", the largest '{most.Name}'" : "";
        long elements = left.Sum(w => (long)w.Encoding.Count);
        return $"{Count(left.Length)} weights stay floats, {Count(elements)} elements{largest}";
    }

    private ReportTable WeightTable() =>
        ReportTable.Of(
            ["weight", "shape", "bits", "block", "SQNR dB"],
            Weights.Select(w =>
                (IReadOnlyList<string>)
                    [w.Weight, $"{w.Shape}", Count(w.Bits), w.Block == 0 ? "none" : Count(w.Block), Decibels(w.Sqnr)]
            ),
            words: 2
        );

    private ReportTable ErrorTable()
    {
        string[] headings = ["layer", "weight", "bits", "SQNR dB"];
        if (MostSensitive is not { } worst)
            return ReportTable.Of(headings, Errors.Select(e => (IReadOnlyList<string>)[.. Cells(e)]), words: 2);
        return ReportTable.Of(
            [.. headings, "output SQNR, alone", ""],
            Errors.Select(e =>
                (IReadOnlyList<string>)
                    [.. Cells(e), Decibels(e.AloneSqnr), e.AloneSqnr == worst.AloneSqnr ? "most sensitive" : ""]
            ),
            words: 2
        );
    }

    private static string[] Cells(LayerError error) =>
        [error.Layer, error.Weight, Count(error.Bits), Decibels(error.Sqnr)];

    private static string Decibels(double value) => double.IsInfinity(value) ? "exact" : Number(value, "0.0");
}

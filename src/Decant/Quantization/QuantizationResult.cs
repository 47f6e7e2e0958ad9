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

    /// <summary>The result as a document: the error of each layer, the file and the notes.</summary>
    public ReportDocument ToDocument() =>
        new ReportDocument(new { Report, Errors }, ErrorTable()).With([.. Report.Summary()]);

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

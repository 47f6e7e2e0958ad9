namespace Decant.Reports;

/// <summary>What a compression run came to. Sizes are lengths of files, accuracies those of the file as decoded.</summary>
/// <param name="File">The file written; empty if none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Ratio">The network's numbers as 32-bit floats, over that length.</param>
/// <param name="AccuracyBefore">Accuracy of the network that went in, 0 to 1; null if no data are given.</param>
/// <param name="AccuracyAfter">Accuracy of the file; null if no data are given.</param>
/// <param name="Stages">The network that went in, and after each stage.</param>
public sealed record CompressionReport(
    string File, long Bytes, double Ratio, double? AccuracyBefore, double? AccuracyAfter, IReadOnlyList<StageReport> Stages)
{
    /// <summary>Where compression brought no speed or no size, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

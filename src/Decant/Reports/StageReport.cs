namespace Decant.Reports;

/// <summary>A network after a stage.</summary>
/// <param name="Name">The stage; "reference" for the network that went in.</param>
/// <param name="Bytes">The length of the container that holds the network then.</param>
/// <param name="Accuracy">Accuracy of the decoded container, 0 to 1; null if no data are given.</param>
/// <param name="Top5">Top-5 accuracy; null if no data are given.</param>
/// <param name="Layers">Its weights.</param>
public sealed record StageReport(string Name, long Bytes, double? Accuracy, double? Top5, IReadOnlyList<LayerReport> Layers);

namespace Decant.Speed;

/// <summary>How fast a model runs.</summary>
/// <param name="Model">The file.</param>
/// <param name="Batch">What unknown extents were taken for.</param>
/// <param name="Threads">Threads of each contender.</param>
/// <param name="Contenders">The managed runtime, and ONNX Runtime where it took part.</param>
/// <param name="Ratio">The managed runtime's time over ONNX Runtime's.</param>
/// <param name="LoadRatio">The same of the time from the file to the first answer.</param>
/// <param name="Difference">The largest difference of the answers over the largest number of ONNX Runtime's.</param>
/// <param name="Layers">The managed runtime's layers.</param>
/// <param name="Conditions">What it was measured on.</param>
public sealed record SpeedReport(
    string Model, int Batch, int Threads, IReadOnlyList<ContenderReport> Contenders, Timing? Ratio, Timing? LoadRatio, double? Difference,
    IReadOnlyList<LayerTime> Layers, Conditions Conditions);

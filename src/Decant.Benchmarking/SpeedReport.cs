using Decant.Speed;

namespace Decant.Benchmarking;

/// <summary>How fast a model runs.</summary>
/// <param name="Model">The file.</param>
/// <param name="Batch">What unknown extents were taken for.</param>
/// <param name="Threads">Threads of each contender.</param>
/// <param name="Contenders">The managed runtime, and ONNX Runtime where it took part.</param>
/// <param name="Ratio">The managed runtime's time over ONNX Runtime's.</param>
/// <param name="LoadRatio">The same of the time from the file to the first answer.</param>
/// <param name="Difference">The largest difference of the answers over the largest number of ONNX Runtime's.</param>
/// <param name="DenseRatio">The managed runtime's time over its own on the same network in dense floats; null where
/// nothing of the network is compressed.</param>
/// <param name="Layers">The managed runtime's layers.</param>
/// <param name="Conditions">What it was measured on.</param>
public sealed record SpeedReport(
    string Model,
    int Batch,
    int Threads,
    IReadOnlyList<ContenderReport> Contenders,
    Timing? Ratio,
    Timing? LoadRatio,
    double? Difference,
    Timing? DenseRatio,
    IReadOnlyList<LayerTime> Layers,
    Conditions Conditions
);

/// <summary>How fast one executor runs a model.</summary>
/// <param name="Name">The executor.</param>
/// <param name="Run">Milliseconds of a run.</param>
/// <param name="Load">Milliseconds from the file to the first answer, the code warm, the file in the system's
/// cache.</param>
/// <param name="Allocated">Bytes on .NET's heap a run.</param>
/// <param name="Peak">The largest resident size of a process that loads the model and runs it, in bytes; null where it
/// is not known.</param>
public sealed record ContenderReport(string Name, Timing Run, Timing Load, long Allocated, long? Peak);

namespace Decant.Speed;

/// <summary>How fast one executor runs a model.</summary>
/// <param name="Name">The executor.</param>
/// <param name="Run">Milliseconds of a run.</param>
/// <param name="Load">Milliseconds from the file to the first answer, the code warm, the file in the system's cache.</param>
/// <param name="Allocated">Bytes on .NET's heap a run.</param>
/// <param name="Peak">The largest resident size of a process that loads the model and runs it, in bytes; null where it is not known.</param>
public sealed record ContenderReport(string Name, Timing Run, Timing Load, long Allocated, long? Peak);

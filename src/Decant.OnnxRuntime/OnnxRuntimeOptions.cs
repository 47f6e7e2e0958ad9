namespace Decant.OnnxRuntime;

/// <summary>How ONNX Runtime computes. Graph optimizations are all on, and nodes run one after the other.</summary>
public sealed record OnnxRuntimeOptions
{
    /// <summary>Threads within one operator; 0 for one a core.</summary>
    public int Threads { get; init; } = 1;
}

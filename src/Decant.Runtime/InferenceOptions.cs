namespace Decant.Runtime;

/// <summary>How a model is run.</summary>
public sealed record InferenceOptions
{
    /// <summary>The most threads that one run uses; 0 for as many as the machine has processors. One unless set.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The most bytes that the values of one session may take at once, weights apart: a file of a few bytes may ask for any amount. As
    /// much as the machine has, unless set.
    /// </summary>
    public long MaxValueBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// Whether the form of each layer (direct or Winograd, dense or compressed) is chosen by timing those that fit when a plan is made;
    /// otherwise by rules. Rules choose the same on every run, so that results are the same to the last bit.
    /// </summary>
    public bool Measure { get; init; }
}

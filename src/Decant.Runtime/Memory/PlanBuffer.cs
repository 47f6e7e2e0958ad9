namespace Decant.Runtime.Memory;

/// <summary>
/// Floats that stages of a plan write and read, placed in the session's arena between its first and its last use. Where images in it have a border
/// only buffers of the same frame may lie in the same place, because stages write the inside alone.
/// </summary>
/// <param name="count">How many floats.</param>
/// <param name="frame">What its border looks like; null if it has none.</param>
internal sealed unsafe class PlanBuffer(long count, Frame? frame)
{
    /// <summary>How many floats.</summary>
    public long Count => count;

    /// <summary>What its border looks like; null if it has none.</summary>
    public Frame? Frame => frame;

    /// <summary>The first stage that uses it.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>The last stage that uses it.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Where it begins in the arena, in floats.</summary>
    public long Offset { get; set; }

    /// <summary>Where it begins in memory, once the arena is there.</summary>
    public float* Address { get; set; }

    /// <summary>Tells that a stage uses it.</summary>
    public void Use(int stage) => (First, Last) = (Math.Min(First, stage), Math.Max(Last, stage));

    /// <summary>Takes back that stages use it.</summary>
    public void Forget() => (First, Last) = (int.MaxValue, -1);
}

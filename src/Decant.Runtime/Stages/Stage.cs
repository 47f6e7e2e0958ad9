using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>One step of a plan. Its memory is bound once; then it runs any number of times without allocating.</summary>
internal abstract class Stage
{
    /// <summary>The node it computes, for reports.</summary>
    public required string Name { get; init; }

    /// <summary>How it computes it, for reports.</summary>
    public required string Form { get; init; }

    /// <summary>Multiply-accumulates of the layer as the network states it.</summary>
    public long Macs { get; init; }

    /// <summary>The buffers it reads and writes.</summary>
    public abstract IEnumerable<PlanBuffer> Buffers { get; }

    /// <summary>How many pieces of work it falls into; each may run on another thread.</summary>
    public int Pieces { get; protected set; } = 1;

    /// <summary>Floats of scratch that each thread needs.</summary>
    public virtual int Scratch => 0;

    /// <summary>Takes addresses, once the buffers have theirs.</summary>
    public abstract void Bind();

    /// <summary>Computes one piece. What it writes does not depend on which thread runs it.</summary>
    public abstract unsafe void Run(int piece, float* scratch);
}

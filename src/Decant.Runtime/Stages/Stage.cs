using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// One step of a plan. Its memory is bound once; then it runs any number of times without allocating.
/// </summary>
internal abstract class Stage
{
    /// <summary>The node it computes, for reports.</summary>
    public required string Name { get; init; }

    /// <summary>How it computes it, for reports.</summary>
    public required string Kernel { get; init; }

    /// <summary>Why a compressed weight is computed on as floats; empty where it is not.</summary>
    public string Reason { get; init; } = "";

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
    /// <exception cref="OperationCanceledException">It was cancelled. A stage looks at the token at least every
    /// <see cref="WorkPartition.MostMacs"/> multiply-accumulates; a stage whose pieces are shorter need
    /// not.</exception>
    public abstract unsafe void Run(int piece, float* scratch, CancellationToken cancellation);
}

/// <summary>A node that no stage of its own computes: its kernel runs on tensors, and makes new ones.</summary>
internal sealed unsafe class KernelStage(Step step, int threads) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [];

    public override IEnumerable<int> SlotsUsed => step.Reads.Concat(step.Makes).Where(s => s >= 0);

    /// <summary>Counts what the plan's kernels make.</summary>
    public RunMemory? Count { get; set; }

    public override void Run(int piece, float* scratch, CancellationToken cancellation) =>
        step.Run(Slots, new Threads(threads, cancellation), Count!);
}

/// <summary>A stage that reads or makes tensors.</summary>
internal abstract class TensorStage : Stage
{
    /// <summary>The tensors of the session.</summary>
    public Tensor?[] Slots { get; set; } = [];

    /// <summary>The slots it reads and fills.</summary>
    public abstract IEnumerable<int> SlotsUsed { get; }

    public override void Bind() { }
}

/// <summary>How work is cut into pieces for threads.</summary>
internal static class WorkPartition
{
    /// <summary>
    /// The most multiply-accumulates of a piece that falls into several units: some milliseconds, so that a run stops
    /// soon when it is cancelled.
    /// </summary>
    public const long MostMacs = 16_000_000;

    // Less work than this is done before another thread has woken.
    private const long LeastMacs = 100_000;

    /// <summary>
    /// How many units make a piece, so that each of the threads gets a few pieces that are worth handing over.
    /// </summary>
    public static int Grain(int units, long macs, int threads)
    {
        long pieces = threads <= 1 ? 1 : Math.Clamp(macs / LeastMacs, 1, threads * 2L);
        pieces = Math.Max(pieces, macs / MostMacs);
        return (int)Math.Max(1, (units + pieces - 1) / pieces);
    }
}

/// <summary>What an element-wise layer reads: a value row by row, or a row of constants.</summary>
internal sealed unsafe class Operand
{
    private readonly Pinned<float>? constants;

    private readonly int repeat = 1;

    /// <summary>A value, each of whose rows is read so many times.</summary>
    public Operand(RowTraversal rows, int repeat = 1) => (Traversal, this.repeat) = (rows, repeat);

    /// <summary>Constants that others share.</summary>
    public Operand(Pinned<float> row) => constants = row;

    public Operand(ReadOnlySpan<float> row) => constants = new Pinned<float>(row);

    /// <summary>The value; null for constants.</summary>
    public RowTraversal? Traversal { get; }

    /// <summary>Where a row begins.</summary>
    public float* Row(int row) =>
        Traversal is null ? constants!.Address : Traversal.Row(repeat == 1 ? row : row / repeat);
}

using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A node that no stage of its own computes: its kernel runs on tensors, and makes new ones.</summary>
internal sealed unsafe class KernelStage(Step step, int threads) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [];

    public override IEnumerable<int> SlotsUsed => step.Reads.Concat(step.Makes).Where(s => s >= 0);

    /// <summary>Counts what the plan's kernels make.</summary>
    public RunMemory? Count { get; set; }

    public override void Run(int piece, float* scratch) => step.Run(Slots, new Threads(threads, CancellationToken.None), Count!);
}

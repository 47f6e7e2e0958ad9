using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Copies a float tensor to where stages read it.</summary>
internal sealed unsafe class TensorToFloats(int slot, PlanBuffer to) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [to];

    public override IEnumerable<int> SlotsUsed => [slot];

    public override void Run(int piece, float* scratch) => Slots[slot]!.Span<float>().CopyTo(new Span<float>(to.Address, (int)to.Count));
}

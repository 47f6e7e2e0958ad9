using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Copies floats to a tensor for a kernel.</summary>
internal sealed unsafe class FloatsToTensor(PlanBuffer from, int slot, Shape shape) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => [from];

    public override IEnumerable<int> SlotsUsed => [slot];

    public override void Run(int piece, float* scratch)
    {
        // A kernel may hand the tensor on as its result, so each run has its own.
        Tensor tensor = Tensor.Zeros(ElementType.Float32, shape);
        new ReadOnlySpan<float>(from.Address, (int)from.Count).CopyTo(tensor.Span<float>());
        Slots[slot] = tensor;
    }
}

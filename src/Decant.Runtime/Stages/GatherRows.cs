using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Copies blocks of a value by the indices in a tensor, as an embedding does.</summary>
/// <param name="table">The value.</param>
/// <param name="indices">The slot of the indices, int32 or int64.</param>
/// <param name="to">The result.</param>
/// <param name="outer">How often the axis comes in the value.</param>
/// <param name="extent">How long the axis is.</param>
/// <param name="block">Numbers that follow each index.</param>
/// <param name="node">The node, for errors.</param>
internal sealed unsafe class GatherRows(
    Operand table,
    int indices,
    PlanBuffer to,
    int outer,
    int extent,
    int block,
    Node node
) : TensorStage
{
    public override IEnumerable<PlanBuffer> Buffers => table.Traversal is null ? [to] : [table.Traversal.Buffer, to];

    public override IEnumerable<int> SlotsUsed => [indices];

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        Tensor places = Slots[indices]!;
        if ((long)places.Count * outer * block != to.Count)
            throw new ModelException($"{node}: indices came out as {places}; the result holds {to.Count} elements");
        if (places.Type == ElementType.Int64)
        {
            ReadOnlySpan<long> all = places.Span<long>();
            for (int i = 0; i < all.Length; i++)
                Copy(all[i], i, all.Length, cancellation);
        }
        else
        {
            ReadOnlySpan<int> all = places.Span<int>();
            for (int i = 0; i < all.Length; i++)
                Copy(all[i], i, all.Length, cancellation);
        }
    }

    private void Copy(long index, int i, int count, CancellationToken cancellation)
    {
        if (index < -extent || index >= extent)
            throw new ModelException($"{node}: index {index} is outside an axis of {extent}");
        nint place = (nint)(index < 0 ? index + extent : index);
        cancellation.ThrowIfCancellationRequested();
        for (int o = 0; o < outer; o++)
            new ReadOnlySpan<float>(table.Row(0) + (o * (nint)extent + place) * block, block).CopyTo(
                new Span<float>(to.Address + (o * (nint)count + i) * block, block)
            );
    }
}

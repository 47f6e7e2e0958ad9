using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Moves numbers from one order to another: Transpose, Expand, Split, Slice and Concat of values in ONNX's order.</summary>
internal sealed unsafe class StridedMove(PlanBuffer from, PlanBuffer to, Moved move) : Stage
{
    private const int Block = 16;
    private readonly Moved move = move.Joined();

    // The axis along which reads lie together, where the last is not that one: both are walked in blocks.
    private readonly int across = Across(move.Joined());

    public override IEnumerable<PlanBuffer> Buffers => [from, to];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch) => Axis(0, from.Address + move.From, to.Address + move.To);

    private static int Across(Moved m) => m.Reads[^1] is 0 or 1 ? -1 : Array.FindIndex(m.Reads, r => r == 1);

    private void Axis(int axis, float* x, float* y)
    {
        if (axis == across) axis++;
        if (axis == move.Extents.Length - 1)
        {
            if (across >= 0) Blocks(x, y);
            else Line(x, y, move.Extents[^1]);
            return;
        }
        for (int i = 0; i < move.Extents[axis]; i++) Axis(axis + 1, x + (nint)i * move.Reads[axis], y + (nint)i * move.Writes[axis]);
    }

    private void Line(float* x, float* y, int count)
    {
        nint read = move.Reads[^1], write = move.Writes[^1];
        if (read == 1 && write == 1) new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
        else
            for (int i = 0; i < count; i++, x += read, y += write) *y = *x;
    }

    private void Blocks(float* x, float* y)
    {
        for (int i = 0; i < move.Extents[across]; i += Block)
            for (int j = 0; j < move.Extents[^1]; j += Block)
                Transpose(x + i + (nint)j * move.Reads[^1], y + (nint)i * move.Writes[across] + (nint)j * move.Writes[^1],
                    Math.Min(Block, move.Extents[across] - i), Math.Min(Block, move.Extents[^1] - j));
    }

    private void Transpose(float* x, float* y, int lines, int count)
    {
        for (int i = 0; i < lines; i++) Line(x + i, y + (nint)i * move.Writes[across], count);
    }
}

using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// The steps of LSTM, GRU or RNN. The input's part of the gates is there already; each step adds the state's. A
/// sequence that is over keeps its state, and its outputs are 0. A piece is one direction of some sequences.
/// </summary>
internal sealed unsafe class Recurrence : TensorStage
{
    private readonly RecurrentLayer layer;
    private readonly RecurrentWeights[] weights;
    private readonly StateProducts products;
    private readonly delegate* <ref CellArguments, void> cell,
        reset;
    private readonly int wide,
        gates,
        together,
        slices;

    public Recurrence(RecurrentLayer layer, RecurrentWeights[] weights, VectorWidth width, int threads)
    {
        (this.layer, this.weights) = (layer, weights);
        cell = RecurrentCells.For(layer.Op, width);
        reset = RecurrentCells.Reset(width);
        wide = RecurrentWeights.Wide(layer.Size.Hidden, width);
        gates = checked(layer.Op.Gates * wide);
        int batch = layer.Size.Batch;
        together = threads > 1 && batch >= 2 * Tiles.Pixels(width) ? Tiles.Pixels(width) : batch;
        slices = (batch + together - 1) / together;
        Pieces = layer.Op.Directions * slices;
        products = new StateProducts(batch, together, wide, gates, width);
    }

    public override IEnumerable<PlanBuffer> Buffers =>
        new[] { layer.Gates, layer.All, layer.Last, layer.LastCell, layer.First, layer.FirstCell }
            .Where(b => b is not null)
            .Select(b => b!);

    public override IEnumerable<int> SlotsUsed => layer.Lengths < 0 ? [] : [layer.Lengths];

    // For each sequence the sums of its gates, its hidden state, and its cell or the state that was reset.
    public override int Scratch => checked(Tiles.Scratch + products.Rows * (gates + 2 * wide));

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        var (direction, slice) = Math.DivRem(piece, slices);
        int first = slice * together,
            count = Math.Min(together, layer.Size.Batch - first);
        float* sums = scratch + Tiles.Scratch,
            hidden = sums + (nint)products.Rows * gates,
            state = hidden + (nint)products.Rows * wide;
        new Span<float>(sums, products.Rows * (gates + 2 * wide)).Clear();
        ReadOnlySpan<int> lengths = layer.Lengths < 0 ? default : Slots[layer.Lengths]!.Span<int>();
        Check(lengths);
        Load(layer.First, direction, first, count, hidden);
        Load(layer.FirstCell, direction, first, count, state);
        for (int i = 0; i < layer.Size.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int t = layer.Op.IsReverse(direction) ? layer.Size.Steps - 1 - i : i;
            Multiply(direction, t, first, count, sums, hidden, state, scratch);
            for (int b = 0; b < count; b++)
                Finish(
                    direction,
                    t,
                    first + b,
                    lengths.IsEmpty || t < lengths[first + b],
                    Cell(
                        direction,
                        t,
                        first + b,
                        sums + (nint)b * gates,
                        hidden + (nint)b * wide,
                        state + (nint)b * wide
                    )
                );
        }
        Save(hidden, direction, first, count, layer.Last);
        Save(state, direction, first, count, layer.LastCell);
    }

    /// <summary>Brings the gates of a step together: the input's part and the state's.</summary>
    private void Multiply(
        int direction,
        int t,
        int first,
        int count,
        float* sums,
        float* hidden,
        float* state,
        float* scratch
    )
    {
        RecurrentWeights w = weights[direction];
        for (int b = 0; b < count; b++)
        {
            float* to = sums + (nint)b * gates;
            new ReadOnlySpan<float>(Input(direction, t, first + b), gates).CopyTo(new Span<float>(to, gates));
            if (IsLinear)
                w.Own.Span[..wide].CopyTo(new Span<float>(to + 2 * wide, wide));
        }
        products.Add(hidden, w.First, sums, scratch);
        if (layer.Op is not Operators.GRU)
            return;
        for (int b = 0; b < count; b++)
        {
            CellArguments a = Cell(
                direction,
                t,
                first + b,
                sums + (nint)b * gates,
                hidden + (nint)b * wide,
                state + (nint)b * wide
            );
            reset(ref a);
        }
        if (w.Second is { } last)
            products.Add(state, last, sums + 2 * wide, scratch);
    }

    private bool IsLinear => layer.Op is Operators.GRU { LinearBeforeReset: true };

    private void Finish(int direction, int t, int b, bool reached, CellArguments a)
    {
        if (reached)
            cell(ref a);
        if (layer.All is null)
            return;
        var to = new Span<float>(layer.All.Address + layer.Output(direction, t, b), layer.Size.Hidden);
        if (reached)
            new ReadOnlySpan<float>(a.Hidden, to.Length).CopyTo(to);
        else
            to.Clear();
    }

    private CellArguments Cell(int direction, int t, int b, float* sums, float* hidden, float* state) =>
        new()
        {
            Gates = sums,
            Input = Input(direction, t, b),
            Hidden = hidden,
            Cell = state,
            Wide = wide,
            Clip = layer.Op.Clip > 0 ? layer.Op.Clip : float.PositiveInfinity,
            Own =
                layer.Op is Operators.LSTM && weights[direction].Own.Count > 0 ? weights[direction].Own.Address : null,
            Variant = IsLinear || layer.Op is Operators.LSTM { CouplesInputForget: true },
            F = layer.Functions[direction][0],
            G = layer.Functions[direction][1],
            H = layer.Functions[direction][2],
        };

    private float* Input(int direction, int t, int b) =>
        layer.Gates.Address + (nint)layer.Row(t, b) * layer.Op.Directions * gates + (nint)direction * gates;

    private void Check(ReadOnlySpan<int> lengths)
    {
        if (layer.Lengths >= 0 && lengths.Length != layer.Size.Batch)
            throw new ModelException(
                $"{layer.Node}: {lengths.Length} sequence lengths are given for a batch of {layer.Size.Batch}"
            );
        foreach (int length in lengths)
            if (length < 0 || length > layer.Size.Steps)
                throw new ModelException($"{layer.Node}: a sequence of {length} steps; X has {layer.Size.Steps}");
    }

    private void Load(PlanBuffer? from, int direction, int first, int count, float* to)
    {
        if (from is null)
            return;
        for (int b = 0; b < count; b++, to += wide)
            new ReadOnlySpan<float>(from.Address + layer.Place(direction, first + b), layer.Size.Hidden).CopyTo(
                new Span<float>(to, layer.Size.Hidden)
            );
    }

    private void Save(float* from, int direction, int first, int count, PlanBuffer? to)
    {
        if (to is null)
            return;
        for (int b = 0; b < count; b++, from += wide)
            new ReadOnlySpan<float>(from, layer.Size.Hidden).CopyTo(
                new Span<float>(to.Address + layer.Place(direction, first + b), layer.Size.Hidden)
            );
    }
}

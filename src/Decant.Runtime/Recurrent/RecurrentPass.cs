using Decant.Runtime.Kernels;
using Decant.Runtime.Products;

namespace Decant.Runtime.Recurrent;

/// <summary>
/// One direction of a recurrent operator over all steps. The input's part of the gates is one product over the whole
/// sequence; the cell adds that of the state step by step. A sequence that is over keeps its state, and its outputs are
/// 0.
/// </summary>
internal sealed class RecurrentPass
{
    private readonly Operators.RecurrentOperator op;
    private readonly Operators.RecurrentSize size;
    private readonly int direction;
    private readonly int[]? lengths;
    private readonly float[] gates;

    public RecurrentPass(
        Operators.RecurrentOperator op,
        Operators.RecurrentSize size,
        int direction,
        Tensor?[] inputs,
        Threads threads
    )
    {
        (this.op, this.size, this.direction, Token) = (op, size, direction, threads.Token);
        Width = op.Gates * size.Hidden;
        lengths = Lengths(inputs.ElementAtOrDefault(4));
        Bias = inputs.ElementAtOrDefault(3) is { } b
            ? b.Array<float>()[(direction * 2 * Width)..((direction + 1) * 2 * Width)]
            : new float[2 * Width];
        gates = new float[checked(size.Steps * size.Batch * Width)];
        float[] start = StartingBias();
        for (int row = 0; row < size.Steps * size.Batch; row++)
            start.CopyTo(gates, row * Width);
        DenseProduct.Accumulate(
            MatrixView.RowMajor(inputs[0]!.Array<float>(), 0, size.Steps * size.Batch, size.Input),
            MatrixView
                .RowMajor(inputs[1]!.Array<float>(), direction * Width * size.Input, Width, size.Input)
                .Transposed,
            gates,
            0,
            threads
        );
        Hidden = State(inputs.ElementAtOrDefault(5));
        Cell = op is Operators.LSTM ? State(inputs.ElementAtOrDefault(6)) : [];
    }

    /// <summary>Stops the steps, and long products in them.</summary>
    public CancellationToken Token { get; }

    /// <summary>Gates times the hidden size.</summary>
    public int Width { get; }

    /// <summary>
    /// The biases of input and state, each of <see cref="Width"/>. They are in the gates already, but for the state's
    /// of a GRU's last gate.
    /// </summary>
    public float[] Bias { get; }

    /// <summary>The hidden state, batch × hidden.</summary>
    public float[] Hidden { get; }

    /// <summary>The cell's state, batch × hidden; empty if there is none.</summary>
    public float[] Cell { get; }

    /// <summary>The extents.</summary>
    public Operators.RecurrentSize Size => size;

    /// <summary>The activation at a place of this direction.</summary>
    public string Activation(int place) => op.Activation(direction, place);

    /// <summary>What gates are clipped to; 0 for no clipping.</summary>
    public float Clip => op.Clip;

    /// <summary>Adds state · weights to the gates of a step, from one gate on.</summary>
    public void Add(StateProduct product, float[] state, int t, int gate) =>
        product.Accumulate(
            state,
            gates,
            Row(t, 0) * Width + gate * size.Hidden,
            (op.BatchFirst ? size.Steps : 1) * Width,
            Token
        );

    /// <summary>One gate of one sequence at a step.</summary>
    public Span<float> Gate(int t, int sequence, int gate) => Gate(t, sequence, gate, 1);

    /// <summary>Neighbouring gates of one sequence at a step.</summary>
    public Span<float> Gate(int t, int sequence, int gate, int count) =>
        gates.AsSpan(Row(t, sequence) * Width + gate * size.Hidden, count * size.Hidden);

    /// <summary>The hidden state of one sequence.</summary>
    public Span<float> HiddenOf(int sequence) => Hidden.AsSpan(sequence * size.Hidden, size.Hidden);

    /// <summary>The product of a state with neighbouring gates' recurrent weights.</summary>
    public StateProduct Product(Tensor r, int gate, int count) =>
        new(
            r.Array<float>(),
            direction * Width + gate * size.Hidden,
            count * size.Hidden,
            size.Batch,
            size.Hidden,
            Token
        );

    /// <summary>Whether a sequence reaches a step.</summary>
    public bool Reaches(int t, int sequence) => lengths is null || t < lengths[sequence];

    /// <summary>Runs all steps, writing the hidden states to <paramref name="all"/> as they come.</summary>
    public void Run(IRecurrentCell cell, float[] all)
    {
        for (int i = 0; i < size.Steps; i++)
        {
            Token.ThrowIfCancellationRequested();
            int t = op.IsReverse(direction) ? size.Steps - 1 - i : i;
            cell.Step(this, t);
            for (int b = 0; b < size.Batch; b++)
                if (Reaches(t, b))
                    Hidden.AsSpan(b * size.Hidden, size.Hidden).CopyTo(all.AsSpan(Output(t, b)));
        }
    }

    /// <summary>Writes a last state to where this direction's is.</summary>
    public void Save(float[] state, float[] to)
    {
        for (int b = 0; b < size.Batch; b++)
            state.AsSpan(b * size.Hidden, size.Hidden).CopyTo(to.AsSpan(Place(b)));
    }

    private float[] StartingBias()
    {
        float[] sum = Bias[..Width];
        // A GRU may multiply the last gate's part of the state, bias included, before it is added.
        int own = op is Operators.GRU ? Width - size.Hidden : Width;
        for (int i = 0; i < own; i++)
            sum[i] += Bias[Width + i];
        return sum;
    }

    private float[] State(Tensor? first)
    {
        var state = new float[checked(size.Batch * size.Hidden)];
        for (int b = 0; b < size.Batch && first is not null; b++)
            first.Array<float>().AsSpan(Place(b), size.Hidden).CopyTo(state.AsSpan(b * size.Hidden));
        return state;
    }

    private int[]? Lengths(Tensor? given)
    {
        if (given is null)
            return null;
        foreach (int length in given.Span<int>())
            if (length < 0 || length > size.Steps)
                throw new ModelException($"a sequence of {length} steps; X has {size.Steps}");
        return given.Array<int>();
    }

    private int Row(int t, int b) => op.BatchFirst ? b * size.Steps + t : t * size.Batch + b;

    private int Place(int b) =>
        (op.BatchFirst ? b * op.Directions + direction : direction * size.Batch + b) * size.Hidden;

    private int Output(int t, int b) =>
        (
            op.BatchFirst
                ? (b * size.Steps + t) * op.Directions + direction
                : (t * op.Directions + direction) * size.Batch + b
        ) * size.Hidden;
}

/// <summary>Runs a recurrent operator's directions one after the other.</summary>
internal static class RecurrentRun
{
    /// <summary>Computes the outputs that the node names.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="context">What else is known.</param>
    /// <param name="make">Makes the cell of a direction.</param>
    public static Tensor[] Run(
        Operators.RecurrentOperator op,
        Tensor?[] inputs,
        KernelContext context,
        Func<RecurrentPass, int, IRecurrentCell> make
    )
    {
        for (int i = 0; i < inputs.Length; i++)
            if (i != 4 && inputs[i] is { Type: not ElementType.Float32 } t)
                throw new ModelException($"input {i} of {t.Type}; 16- and 32-bit floats are possible");
        Operators.RecurrentSize size = op.Size(inputs[0]!.Shape, inputs[2]!.Shape);
        Tensor[] outputs = Outputs.Make(op, context);
        for (int d = 0; d < op.Directions; d++)
        {
            var pass = new RecurrentPass(op, size, d, inputs, context.Threads);
            pass.Run(make(pass, d), outputs[0].Array<float>());
            if (outputs.Length > 1)
                pass.Save(pass.Hidden, outputs[1].Array<float>());
            if (outputs.Length > 2)
                pass.Save(pass.Cell, outputs[2].Array<float>());
        }
        return outputs;
    }
}

/// <summary>What one step of a recurrent network computes in one direction.</summary>
internal interface IRecurrentCell
{
    /// <summary>Brings the states of all sequences that reach step <paramref name="t"/> one step on.</summary>
    void Step(RecurrentPass pass, int t);
}

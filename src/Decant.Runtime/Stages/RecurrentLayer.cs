using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A recurrent layer of a plan, behind the product of its input.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Size">Its extents.</param>
/// <param name="Gates">The input's part of each gate, biases included, for each step and sequence in the input's
/// order: all gates of each direction, each filled up to whole vectors.</param>
internal sealed record RecurrentLayer(Operators.RecurrentOperator Op, Operators.RecurrentSize Size, PlanBuffer Gates)
{
    /// <summary>The hidden state of every step; null if nobody wants it.</summary>
    public PlanBuffer? All { get; init; }

    /// <summary>The last hidden state; null if nobody wants it.</summary>
    public PlanBuffer? Last { get; init; }

    /// <summary>The last cell state; null if nobody wants it.</summary>
    public PlanBuffer? LastCell { get; init; }

    /// <summary>The first hidden state; null for zeros.</summary>
    public PlanBuffer? First { get; init; }

    /// <summary>The first cell state; null for zeros.</summary>
    public PlanBuffer? FirstCell { get; init; }

    /// <summary>The slot of each sequence's length; -1 if all have every step.</summary>
    public int Lengths { get; init; } = -1;

    /// <summary>The functions of the gates of each direction, three of them.</summary>
    public Activation[][] Functions { get; } =
    [
        .. Enumerable
            .Range(0, Op.Directions)
            .Select(d =>
                Enumerable
                    .Range(0, 3)
                    .Select(i => i < Places(Op) ? Enum.Parse<Activation>(Op.Activation(d, i)) : default)
                    .ToArray()
            ),
    ];

    /// <summary>The node, for errors.</summary>
    public required Node Node { get; init; }

    /// <summary>Which row of the input a step of a sequence is.</summary>
    public int Row(int t, int b) => Op.BatchFirst ? b * Size.Steps + t : t * Size.Batch + b;

    /// <summary>Where a sequence's state begins among the states.</summary>
    public int Place(int direction, int b) =>
        (Op.BatchFirst ? b * Op.Directions + direction : direction * Size.Batch + b) * Size.Hidden;

    /// <summary>Where a step's hidden state begins in the output.</summary>
    public int Output(int direction, int t, int b) =>
        (
            Op.BatchFirst
                ? (b * Size.Steps + t) * Op.Directions + direction
                : (t * Op.Directions + direction) * Size.Batch + b
        ) * Size.Hidden;

    private static int Places(Operators.RecurrentOperator op) =>
        op switch
        {
            Operators.LSTM => 3,
            Operators.GRU => 2,
            _ => 1,
        };
}

/// <summary>
/// The recurrent weights of one direction, each gate filled up to whole vectors, packed for the product with the state.
/// </summary>
internal sealed class RecurrentWeights
{
    /// <summary>Packs weights.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="hidden">Numbers of the state.</param>
    /// <param name="few">Whether so few sequences run that each is multiplied alone.</param>
    /// <param name="rows">A row for each number of each gate.</param>
    /// <param name="peepholes">The peepholes of an LSTM, or a GRU's bias of the last gate's part of the state; empty
    /// for none.</param>
    /// <param name="width">How wide vectors are.</param>
    public RecurrentWeights(
        Operators.RecurrentOperator op,
        int hidden,
        bool few,
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> peepholes,
        VectorWidth width
    )
    {
        int wide = Wide(hidden, width),
            split = op is Operators.GRU { LinearBeforeReset: false } ? 2 : op.Gates;
        Func<int, int> cut = few ? FilterBlock.ForRows : FilterBlock.ForTiles;
        float[] padded = Padded(rows, op.Gates, hidden, hidden, wide);
        First = new PackedFilters(split * wide, hidden, (int)width, padded.AsSpan(0, split * wide * hidden), cut);
        Second =
            split == op.Gates
                ? null
                : new PackedFilters(wide, hidden, (int)width, padded.AsSpan(split * wide * hidden), cut);
        Own = new Pinned<float>(Padded(peepholes, peepholes.Length / hidden, hidden, 1, wide));
    }

    /// <summary>The weights of all gates that are multiplied with the state as it is.</summary>
    public PackedFilters First { get; }

    /// <summary>Those of a GRU's last gate, where it is multiplied with the state that was reset; else null.</summary>
    public PackedFilters? Second { get; }

    /// <summary>Peepholes or the last gate's own bias, filled up like gates.</summary>
    public Pinned<float> Own { get; }

    /// <summary>Numbers of a gate that is filled up to whole vectors.</summary>
    public static int Wide(int hidden, VectorWidth width) =>
        checked((hidden + (int)width - 1) / (int)width * (int)width);

    /// <summary>
    /// Rows in parts of <paramref name="hidden"/>, each part followed by rows of zeros up to <paramref name="wide"/>.
    /// </summary>
    public static float[] Padded(ReadOnlySpan<float> rows, int parts, int hidden, int depth, int wide)
    {
        var all = new float[checked(parts * wide * depth)];
        for (int part = 0; part < parts; part++)
            rows.Slice(part * hidden * depth, hidden * depth).CopyTo(all.AsSpan(part * wide * depth));
        return all;
    }
}

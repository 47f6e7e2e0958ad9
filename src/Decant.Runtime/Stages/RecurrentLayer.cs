using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A recurrent layer of a plan, behind the product of its input.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Size">Its extents.</param>
/// <param name="Gates">The input's share of each gate, biases included, for each step and sequence in the input's order: all gates of each direction, each filled up to whole vectors.</param>
internal sealed record RecurrentLayer(Operators.Recurrent Op, Operators.RecurrentSize Size, PlanBuffer Gates)
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
        [.. Enumerable.Range(0, Op.Directions).Select(d => Enumerable.Range(0, 3).Select(i => i < Places(Op) ? Enum.Parse<Activation>(Op.Activation(d, i)) : default).ToArray())];

    /// <summary>The node, for errors.</summary>
    public required Node Node { get; init; }

    /// <summary>Which row of the input a step of a sequence is.</summary>
    public int Row(int t, int b) => Op.BatchFirst ? b * Size.Steps + t : t * Size.Batch + b;

    /// <summary>Where a sequence's state begins among the states.</summary>
    public int Place(int direction, int b) => (Op.BatchFirst ? b * Op.Directions + direction : direction * Size.Batch + b) * Size.Hidden;

    /// <summary>Where a step's hidden state begins in the output.</summary>
    public int Output(int direction, int t, int b) =>
        (Op.BatchFirst ? (b * Size.Steps + t) * Op.Directions + direction : (t * Op.Directions + direction) * Size.Batch + b) * Size.Hidden;

    private static int Places(Operators.Recurrent op) => op switch { Operators.LSTM => 3, Operators.GRU => 2, _ => 1 };
}

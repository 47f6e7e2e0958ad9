using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// What ONNX RNN, GRU and LSTM share. Inputs X (T, N, I), W (D, gates·H, I), R (D, gates·H, H), optional B (D,
/// 2·gates·H), lengths (N, int32), first hidden state (D, N, H); outputs Y (T, D, N, H) and the last hidden state (D,
/// N, H). With layout 1 the batch leads.
/// </summary>
public abstract class RecurrentOperator : Operator
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => input == 3;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input == 4;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Recurrent;

    /// <summary>Rows of W (input 1) and R (input 2) are outputs: those of one gate after the other.</summary>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        input is 1 or 2 && weight.Rank == 3
            ? new LayerAxes(weight[0], weight[1], weight[2], 1, Output: 1, weight[0] == 1 ? 1 : null, InputAxis: 2)
            : null;

    private static readonly string[] Common =
    [
        "activation_alpha",
        "activation_beta",
        "activations",
        "clip",
        "direction",
        "hidden_size",
        "layout",
    ];
    private const int Lengths = 4;
    private static readonly string[] Functions = ["Sigmoid", "Tanh", "Relu"];
    private static readonly TypeSet Types = TypeSet.Of(ElementType.Float16, ElementType.Float32);
    private readonly ImmutableArray<string> activations;
    private readonly string direction;
    private readonly long hidden;

    /// <summary>Reads the attributes.</summary>
    /// <param name="type">The ONNX operator type.</param>
    /// <param name="attributes">The attributes as given.</param>
    /// <param name="mostInputs">The most inputs it takes; the least are 3.</param>
    /// <param name="gates">How many gates a cell has.</param>
    /// <param name="defaults">The activations of one direction.</param>
    /// <param name="own">Attributes that the others lack.</param>
    /// <exception cref="ModelException">A value is not possible.</exception>
    private protected RecurrentOperator(
        string type,
        Attributes attributes,
        int mostInputs,
        int gates,
        string[] defaults,
        params string[] own
    )
        : base(type, attributes, (3, mostInputs), [.. Common, .. own])
    {
        (Gates, hidden, Clip) = (gates, attributes.Int("hidden_size", 0), attributes.Float("clip", 0));
        direction = attributes.Text("direction", "forward");
        if (direction is not ("forward" or "reverse" or "bidirectional"))
            throw new ModelException(
                $"attribute 'direction' is '{direction}'; possible are forward, reverse, bidirectional"
            );
        BatchFirst = attributes.Flag("layout");
        ImmutableArray<string> given = attributes.Texts("activations");
        activations = given.IsEmpty ? [.. Enumerable.Repeat(defaults, Directions).SelectMany(d => d)] : given;
        Check(defaults.Length);
    }

    /// <summary>How many gates a cell has.</summary>
    public int Gates { get; }

    /// <summary>1, or 2 if bidirectional.</summary>
    public int Directions => direction == "bidirectional" ? 2 : 1;

    /// <summary>Whether the batch leads in X, Y and the states (layout 1).</summary>
    public bool BatchFirst { get; }

    /// <summary>What gates are clipped to before their activation, on either side; 0 for no clipping.</summary>
    public float Clip { get; }

    /// <summary>Whether a direction runs from the last step to the first.</summary>
    public bool IsReverse(int d) => d == 1 || direction == "reverse";

    /// <summary>The activation at a place of a direction: Sigmoid, Tanh or Relu.</summary>
    public string Activation(int d, int place) => activations[d * (activations.Length / Directions) + place];

    /// <inheritdoc/>
    protected override int MostOutputs => States + 1;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        ElementType type = inputs.Type(0);
        CheckTypes(inputs);
        if (inputs.Shape(0) is not { } x || inputs.Shape(2) is not { } r)
            return [.. Enumerable.Repeat(new TensorType(type, null), States + 1)];
        RecurrentSize size = Size(x, r);
        CheckInputs(inputs, size);
        Shape all = BatchFirst
            ? new(size.Batch, size.Steps, Directions, size.Hidden)
            : new(size.Steps, Directions, size.Batch, size.Hidden);
        return [new TensorType(type, all), .. Enumerable.Repeat(new TensorType(type, State(size)), States)];
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(0) is { IsKnown: true } x
            ? checked(y.Count * Gates * (x[2] + y[-1]))
            : 0;

    /// <summary>The extents of a run.</summary>
    /// <exception cref="ModelException">X or R is not of three axes, or hidden_size is not R's.</exception>
    public RecurrentSize Size(Shape x, Shape r)
    {
        if (x.Rank != 3 || r.Rank != 3)
            throw new ModelException($"X of shape {x} and R of shape {r}; both must have three axes");
        if (x[2] == 0)
            throw new ModelException($"X of shape {x} holds nothing");
        if (hidden != 0 && r[2] >= 0 && hidden != r[2])
            throw new ModelException($"attribute 'hidden_size' is {hidden}; R of shape {r} says {r[2]}");
        return new RecurrentSize(BatchFirst ? x[1] : x[0], BatchFirst ? x[0] : x[1], x[2], r[2]);
    }

    /// <summary>How many states are handed from step to step: the hidden one, and the cell's if there is one.</summary>
    private protected virtual int States => 1;

    /// <summary>Checks the inputs that only one operator has.</summary>
    private protected virtual void CheckMore(OperatorInputs inputs, RecurrentSize size) { }

    /// <summary>The shape of a state.</summary>
    private protected Shape State(RecurrentSize size) =>
        BatchFirst ? new(size.Batch, Directions, size.Hidden) : new(Directions, size.Batch, size.Hidden);

    /// <summary>Checks an input's shape, where it is known.</summary>
    private protected static void Expect(OperatorInputs inputs, int i, string name, Shape expected)
    {
        if (inputs.Shape(i) is not { } given)
            return;
        if (
            given.Rank != expected.Rank
            || given.Dims.Zip(expected.Dims).Any(p => p is { First: >= 0, Second: >= 0 } && p.First != p.Second)
        )
            throw new ModelException($"{name} has shape {given}; it must have {expected}");
    }

    private static void CheckTypes(OperatorInputs inputs)
    {
        inputs.RequireType(0, Types);
        for (int i = 1; i < inputs.Types.Length; i++)
            if (i == Lengths)
                inputs.RequireType(i, TypeSet.Of(ElementType.Int32));
            else
                inputs.RequireSameType(i, 0);
    }

    /// <summary>Checks the lengths of sequences, where they are known.</summary>
    private static void CheckLengths(OperatorInputs inputs, int steps)
    {
        foreach (long length in inputs.Integers(Lengths) ?? [])
            if (length < 0 || (steps >= 0 && length > steps))
                throw new ModelException($"a sequence of {length} steps; X has {steps}");
    }

    private void CheckInputs(OperatorInputs inputs, RecurrentSize size)
    {
        int rows = Extents.Times(size.Hidden, Gates);
        Expect(inputs, 1, "W", new Shape(Directions, rows, size.Input));
        Expect(inputs, 2, "R", new Shape(Directions, rows, size.Hidden));
        Expect(inputs, 3, "B", new Shape(Directions, Extents.Times(rows, 2)));
        Expect(inputs, Lengths, "sequence_lens", new Shape(size.Batch));
        CheckLengths(inputs, size.Steps);
        Expect(inputs, 5, "initial_h", State(size));
        CheckMore(inputs, size);
    }

    private void Check(int perDirection)
    {
        if (activations.Length != Directions * perDirection)
            throw new ModelException($"{activations.Length} activations; there must be {Directions * perDirection}");
        foreach (string name in activations)
            if (!Functions.Contains(name))
                throw new ModelException(
                    $"activation '{name}' is not supported; supported are {string.Join(", ", Functions)}"
                );
    }
}

/// <summary>The extents of a recurrent operator's run.</summary>
/// <param name="Steps">Steps of the longest sequence.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Input">Numbers a step reads.</param>
/// <param name="Hidden">Numbers of the hidden state.</param>
public readonly record struct RecurrentSize(int Steps, int Batch, int Input, int Hidden);

/// <summary>ONNX GRU (Cho et al. 2014), gates z, r, h: h' = (1 − z)·ĥ + z·h.</summary>
public sealed class GRU(Attributes attributes)
    : RecurrentOperator("GRU", attributes, 6, gates: 3, ["Sigmoid", "Tanh"], "linear_before_reset")
{
    /// <summary>Whether the reset gate applies to R·h + b (as cuDNN and PyTorch have it) rather than to h.</summary>
    public bool LinearBeforeReset { get; } = attributes.Flag("linear_before_reset");
}

/// <summary>
/// ONNX LSTM (Hochreiter, Schmidhuber 1997), gates i, o, f, c. Besides what all share: input 6 the first cell state (D,
/// N, H), input 7 the peepholes (D, 3·H) of i, o, f; output 2 the last cell state.
/// </summary>
public sealed class LSTM(Attributes attributes)
    : RecurrentOperator("LSTM", attributes, 8, gates: 4, ["Sigmoid", "Tanh", "Tanh"], "input_forget")
{
    /// <summary>Whether the forget gate is 1 less the input gate.</summary>
    public bool CouplesInputForget { get; } = attributes.Flag("input_forget");

    private protected override int States => 2;

    private protected override void CheckMore(OperatorInputs inputs, RecurrentSize size)
    {
        Expect(inputs, 6, "initial_c", State(size));
        Expect(inputs, 7, "P", new Shape(Directions, Extents.Times(size.Hidden, 3)));
    }
}

/// <summary>ONNX RNN: h = f(W·x + R·h + b).</summary>
public sealed class RNN(Attributes attributes) : RecurrentOperator("RNN", attributes, 6, gates: 1, ["Tanh"]);

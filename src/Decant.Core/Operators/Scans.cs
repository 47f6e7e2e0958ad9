using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Scan (opset 9 and later): a body runs once for each place along an axis of its scanned inputs. It is given its
/// states and a slice of each input, and makes the next states and slices of the outputs.
/// </summary>
public sealed class Scan : ControlFlowOperator
{
    private const string CountName = "num_scan_inputs",
        InputAxes = "scan_input_axes",
        InputDirections = "scan_input_directions",
        OutputAxes = "scan_output_axes",
        OutputDirections = "scan_output_directions";

    private readonly int captured;

    /// <summary>Holds the body, and the axes and directions.</summary>
    /// <exception cref="ModelException">Something is missing, or their counts do not fit.</exception>
    public Scan(Attributes attributes)
        : base(
            "Scan",
            attributes,
            ["body"],
            "body",
            CapturedName,
            CountName,
            InputAxes,
            InputDirections,
            OutputAxes,
            OutputDirections
        )
    {
        captured = attributes.Int32(CapturedName, 0);
        Scanned = attributes.Int32(CountName);
        if (captured < 0 || Scanned < 1 || (long)captured + Scanned > Body.Inputs.Length || Stacked < 0)
            throw new ModelException(
                $"its body has {Body.Inputs.Length} inputs, {captured} of them captured, and {Body.Outputs.Length} "
                    + $"outputs: it takes states and {Scanned} slices, 1 at least, and makes the states and slices"
            );
        CheckList(InputAxes, Scanned);
        CheckList(InputDirections, Scanned);
        CheckList(OutputAxes, Stacked);
        CheckList(OutputDirections, Stacked);
    }

    /// <summary>What runs.</summary>
    public Network Body => Bodies[0];

    /// <summary>How many inputs are scanned.</summary>
    public int Scanned { get; }

    /// <summary>How many states an iteration hands to the next.</summary>
    public int States => Body.Inputs.Length - captured - Scanned;

    /// <summary>How many outputs are stacked of slices.</summary>
    public int Stacked => Body.Outputs.Length - States;

    /// <inheritdoc/>
    public override int OwnInputs => States + Scanned;

    /// <inheritdoc/>
    protected override int MostOutputs => Body.Outputs.Length;

    private protected override int Shift => 0;

    private protected override int Settings => 0;

    /// <summary>The axis along which a scanned input is sliced.</summary>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public int InputAxis(int scanned, Shape shape) => Axis(InputAxes, scanned, shape.Rank);

    /// <summary>The axis along which slices of a rank are stacked.</summary>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public int OutputAxis(int stacked, int rank) => Axis(OutputAxes, stacked, rank + 1);

    /// <summary>Whether a scanned input is read from its end.</summary>
    public bool ReadsBackwards(int scanned) => At(InputDirections, scanned) == 1;

    /// <summary>Whether an output is filled from its end.</summary>
    public bool WritesBackwards(int stacked) => At(OutputDirections, stacked) == 1;

    private protected override void Check(OperatorInputs inputs)
    {
        CheckStated(inputs, 0, States);
        for (int i = 0; i < Scanned; i++)
            CheckStated(Slice(inputs, i), Body.Inputs[States + i]);
        Length(inputs);
    }

    /// <summary>How many iterations there are; <see cref="Shape.Unknown"/> if that is not known.</summary>
    /// <exception cref="ModelException">Scanned inputs differ in it.</exception>
    public int Length(OperatorInputs inputs)
    {
        int length = Shape.Unknown;
        for (int i = 0; i < Scanned; i++)
            if (inputs.Shape(States + i) is { } shape && shape[InputAxis(i, shape)] is >= 0 and var extent)
            {
                if (length >= 0 && length != extent)
                    throw new ModelException(
                        $"it scans '{Body.Inputs[States + i].Name}' in {extent} slices, and others in {length}"
                    );
                length = extent;
            }
        return length;
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckInputs(inputs);
        NetworkShapes? shapes = Shapes(inputs);
        int length = Length(inputs);
        var made = new TensorType?[Body.Outputs.Length];
        for (int i = 0; i < made.Length; i++)
        {
            TensorType one = OutputOf(Body, i, shapes);
            if (i < States)
                made[i] = State(Body.Inputs[i], inputs.Types[i], one);
            else if (one.Shape is { } shape)
                made[i] = one with
                {
                    Shape = new Shape([.. shape.Dims.Insert(OutputAxis(i - States, shape.Rank), length)]),
                };
            else
                made[i] = one;
        }
        return ImmutableArray.Create(made);
    }

    /// <summary>Those of all iterations, where their count is known.</summary>
    public override long Macs(OperatorInputs inputs) =>
        (long)Math.Min(1e18, (double)MacsOf(Body, Shapes(inputs)) * Math.Max(1, Length(inputs)));

    private NetworkShapes? Shapes(OperatorInputs inputs)
    {
        TensorType?[] types = [.. inputs.Types];
        Tensor?[] constants = [.. inputs.Constants];
        for (int i = 0; i < Scanned; i++)
            types[States + i] = Slice(inputs, i);
        Array.Clear(constants, 0, OwnInputs);
        return ShapesOf(Body, types, constants);
    }

    private TensorType? Slice(OperatorInputs inputs, int scanned)
    {
        TensorType? whole = inputs.Types[States + scanned];
        if (whole?.Shape is not { } shape)
            return whole;
        return whole with { Shape = new Shape([.. shape.Dims.RemoveAt(InputAxis(scanned, shape))]) };
    }

    private long At(string name, int i) => Attributes.Ints(name) is { IsEmpty: false } given ? given[i] : 0;

    private int Axis(string name, int i, int rank)
    {
        long axis = At(name, i);
        return axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw new ModelException($"attribute '{name}' names axis {axis} of a tensor of {rank} axes");
    }

    private void CheckList(string name, int count)
    {
        if (Attributes.Ints(name) is { IsEmpty: false } given && given.Length != count)
            throw new ModelException($"attribute '{name}' holds {given.Length} integers; there must be {count}");
    }
}

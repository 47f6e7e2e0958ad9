using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Standard nodes in the making, which compute what one node does.</summary>
/// <param name="node">The node.</param>
/// <param name="context">What is known of what it reads.</param>
internal sealed class Lowering(GraphNode node, UpgradeContext context)
{
    private readonly List<GraphNode> made = [];

    /// <summary>The node.</summary>
    public GraphNode Node => node;

    /// <summary>The nodes made, in an order in which they run.</summary>
    public IReadOnlyList<GraphNode> Nodes => made;

    /// <summary>Whether an input is given.</summary>
    public bool Has(int input) => node.Input(input).Length > 0;

    /// <summary>The elements of an input; null if it is left out or not constant.</summary>
    public Tensor? Constant(int input) => context.Values.Constant(node.Input(input));

    /// <summary>How many axes an input has.</summary>
    /// <exception cref="ModelException">It is not known.</exception>
    public int Rank(int input) =>
        context.Extents(node.Input(input))?.Length
        ?? throw new ModelException($"how many axes input {input} has is not known");

    /// <summary>The extent of an axis of an input; null if it is not known, or there is no such axis.</summary>
    public long? Extent(int input, int axis) =>
        context.Extents(node.Input(input)) is { } extents
        && axis < extents.Length
        && extents[axis] is { IsConstant: true } extent
            ? extent.Constant
            : null;

    /// <summary>The element type of an input.</summary>
    public ElementType Type(int input) => context.Values.Type(node.Input(input));

    /// <summary>Makes a constant of whole numbers.</summary>
    /// <returns>Its name.</returns>
    public string Numbers(string name, params ReadOnlySpan<long> values) =>
        Weight(name, Tensor.Vector(values.ToArray()));

    /// <summary>Makes a constant of one number, of the element type that an input has.</summary>
    /// <returns>Its name.</returns>
    public string Number(string name, double value, int like = 0) => Weight(name, Scalars.Of(Type(like), value));

    /// <summary>Checks how many inputs and outputs the node has.</summary>
    /// <param name="least">How many inputs must be given.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="outputs">How many outputs there may be.</param>
    /// <exception cref="ModelException">It has too few or too many.</exception>
    public void EnsureCounts(int least, int most, int outputs = 1)
    {
        if (node.Inputs.Length > most || Enumerable.Range(0, least).Any(i => !Has(i)))
            throw new ModelException(
                $"it has {node.Inputs.Length} inputs; "
                    + (
                        least == most
                            ? $"{least} are expected"
                            : $"{least} to {most} are expected, the first {least} given"
                    )
            );
        if (node.Outputs.Length > outputs || node.Outputs.Length == 0)
            throw new ModelException($"it has {node.Outputs.Length} outputs; 1 to {outputs} are expected");
    }

    /// <summary>Whether an output is asked for.</summary>
    public bool Makes(int output) => output < node.Outputs.Length && node.Outputs[output].Length > 0;

    /// <summary>Makes a value with its axes in another order.</summary>
    /// <returns>Its name.</returns>
    public string Transposed(string value, params ReadOnlySpan<long> order) =>
        Make("Transpose", new Attributes(("perm", order.ToArray().ToImmutableArray())), value);

    /// <summary>Makes a value of another shape; 0 keeps an extent, -1 is what is left.</summary>
    /// <returns>Its name.</returns>
    public string Reshaped(string value, params ReadOnlySpan<long> shape) =>
        Make("Reshape", value, Numbers("shape", shape));

    /// <summary>Makes values one along an axis.</summary>
    /// <returns>Its name.</returns>
    public string Joined(long axis, params ImmutableArray<string> values) =>
        values.Length == 1 ? values[0] : Make("Concat", new Attributes(("axis", axis)), values);

    /// <summary>Makes a value of another element type.</summary>
    /// <returns>Its name.</returns>
    public string Cast(string value, ElementType type) => Make("Cast", new Attributes(("to", (long)type)), value);

    /// <summary>Makes the part of a value from one place of an axis to another.</summary>
    /// <returns>Its name.</returns>
    public string Sliced(string value, long axis, long from, long to) =>
        Make("Slice", value, Numbers("from", from), Numbers("to", to), Numbers("axis", axis));

    /// <summary>Makes a value with further axes of extent 1.</summary>
    /// <returns>Its name.</returns>
    public string Widened(string value, params ReadOnlySpan<long> axes) =>
        Make("Unsqueeze", value, Numbers("axes", axes));

    /// <summary>Makes the extent of an axis of a value, a scalar.</summary>
    /// <returns>Its name.</returns>
    public string ExtentOf(string value, long axis) =>
        Make("Squeeze", Make("Shape", new Attributes(("start", axis), ("end", axis + 1)), value), Numbers("axis", 0));

    /// <summary>Makes the numbers 0, 1, … before a scalar.</summary>
    /// <returns>Their name.</returns>
    public string Counted(string limit) =>
        Make("Range", Weight("start", Tensor.Scalar(0L)), limit, Weight("step", Tensor.Scalar(1L)));

    /// <summary>Makes the elements of a vector from one place to another, such as some extents of a shape.</summary>
    /// <returns>Their name.</returns>
    public string Part(string vector, long from, long to) =>
        Make("Slice", vector, Numbers("from", from), Numbers("to", to));

    /// <summary>Makes a node of one output.</summary>
    /// <returns>The output's name.</returns>
    public string Make(string type, params ImmutableArray<string> inputs) => Make(type, Attributes.None, inputs);

    /// <summary>Makes a node of one output.</summary>
    /// <returns>The output's name.</returns>
    public string Make(string type, Attributes attributes, params ImmutableArray<string> inputs) =>
        Make(type, attributes, 1, inputs)[0];

    /// <summary>Makes a node of some outputs; inputs at the end that are empty are left out.</summary>
    /// <returns>The outputs' names.</returns>
    public ImmutableArray<string> Make(string type, Attributes attributes, int outputs, ImmutableArray<string> inputs)
    {
        while (inputs.Length > 0 && inputs[^1].Length == 0)
            inputs = inputs.RemoveAt(inputs.Length - 1);
        string name = context.Values.UniqueName($"{node.Name}.{type}");
        ImmutableArray<string> names = [name];
        for (int i = 1; i < outputs; i++)
            names = names.Add(context.Values.UniqueName($"{name}.{i}"));
        made.Add(new GraphNode(name, type, inputs, names, attributes));
        return names;
    }

    /// <summary>Makes a constant.</summary>
    /// <returns>Its name.</returns>
    public string Weight(string name, Tensor values) => context.Weight(node, name, values);

    /// <summary>Makes floats of an input that holds integers.</summary>
    /// <param name="input">Which input.</param>
    /// <param name="scale">The input that is its scale.</param>
    /// <param name="zero">The input that is its zero point, which may be left out.</param>
    /// <param name="axis">The axis along which scales lie, if there are several.</param>
    public string Dequantized(int input, int scale, int zero, long axis = 1) =>
        Make(
            "DequantizeLinear",
            new Attributes(("axis", axis)),
            node.Input(input),
            node.Input(scale),
            node.Input(zero)
        );

    /// <summary>
    /// Makes integers of floats. Without a zero point they have the type of input <paramref name="like"/>.
    /// </summary>
    public string Quantized(string floats, int scale, int zero, int like)
    {
        if (Has(zero))
            return Make("QuantizeLinear", floats, node.Input(scale), node.Input(zero));
        ElementType type = context.Values.Type(node.Input(like));
        return Make("QuantizeLinear", new Attributes(("output_dtype", (long)type)), floats, node.Input(scale));
    }

    /// <summary>Makes a value an output of the node.</summary>
    public void Finish(string value, int output = 0)
    {
        string name = node.Outputs[output];
        for (int i = 0; i < made.Count; i++)
            made[i] = made[i] with
            {
                Name = output == 0 && made[i].Outputs[0] == value ? node.Name : made[i].Name,
                Inputs = Renamed(made[i].Inputs, value, name),
                Outputs = Renamed(made[i].Outputs, value, name),
            };
    }

    private static ImmutableArray<string> Renamed(ImmutableArray<string> names, string from, string to) =>
        [.. names.Select(n => n == from ? to : n)];
}

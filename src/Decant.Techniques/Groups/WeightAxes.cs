using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Groups;

/// <summary>
/// A layer's weight seen with four axes: groups of channels that do not mix, two that are its outputs and inputs, and
/// the kernel's places.
/// </summary>
/// <param name="Sizes">The extents of the four axes; their product is the weight's.</param>
/// <param name="Output">Which axis counts outputs, 1 or 2.</param>
internal sealed record WeightAxes(long[] Sizes, int Output)
{
    private const int Kernel = 3;

    /// <summary>Which axis counts inputs.</summary>
    public int Input => Kernel - Output;

    /// <summary>The axes of a weight, as the nodes that read it use them.</summary>
    /// <exception cref="ModelException">No node or one of another kind reads it, or two read it
    /// differently.</exception>
    public static WeightAxes Of(Network network, Weight weight)
    {
        WeightAxes? axes = null;
        foreach (Node node in network.Graph.Consumers(weight.Name))
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] != weight.Name)
                    continue;
                WeightAxes here = Of(node, i, weight.Encoding.Shape)
                    ?? throw new ModelException(
                        $"weight '{weight.Name}' of shape {weight.Encoding.Shape} is read by {node}: which "
                            + "of its axes are outputs cannot be told; select the weights of convolutions "
                            + "and matrix products, or use a kind that penalizes each weight by itself"
                    );
                if (axes is not null && !axes.Same(here))
                    throw new ModelException(
                        $"weight '{weight.Name}' is read in two ways, the second time by {node}: which of "
                            + "its axes are outputs cannot be told; leave it out of 'weights'"
                    );
                axes = here;
            }
        return axes
            ?? throw new ModelException($"weight '{weight.Name}' is read by no layer; leave it out of 'weights'");
    }

    /// <summary>The first layer that reads a weight as more than its first input, and the axes it has there.</summary>
    public static (Node Layer, WeightAxes Axes)? First(Network network, Weight weight)
    {
        foreach (Node node in network.Graph.Consumers(weight.Name))
            for (int i = 1; i < node.Inputs.Length; i++)
                if (node.Inputs[i] == weight.Name && Of(node, i, weight.Encoding.Shape) is { } axes)
                    return (node, axes);
        return null;
    }

    /// <summary>The weight's numbers in groups.</summary>
    public WeightGroups By(GroupKind kind) =>
        new(
            Sizes,
            kind switch
            {
                GroupKind.Neuron => [Input, Kernel],
                GroupKind.Channel => [Output, Kernel],
                GroupKind.Kernel => [Kernel],
                GroupKind.Column => [Output],
                _ => [0, 1, 2, Kernel],
            }
        );

    private static WeightAxes? Of(Node node, int input, Shape shape) =>
        node.Operator.AxesOf(input, shape) is { } axes ? new WeightAxes(axes.Sizes, axes.Output) : null;

    private bool Same(WeightAxes other) => Output == other.Output && Sizes.AsSpan().SequenceEqual(other.Sizes);
}

/// <summary>The axis of a weight along which its layer's outputs lie.</summary>
internal static class OutputAxis
{
    /// <summary>No axis: one scale for the whole weight.</summary>
    public const int None = -1;

    /// <summary>How many outputs a layer has by its weight; 1 where no axis holds them.</summary>
    public static int Count(Network network, Node layer)
    {
        Shape shape = network.Weights[layer.Inputs[1]].Encoding.Shape;
        int axis = OfLayer(layer, shape);
        return axis < 0 ? 1 : shape[axis];
    }

    /// <summary>
    /// The axis along which all layers that read a weight have their outputs; <see cref="None"/> where they differ, and
    /// for weights that one scale does for: vectors, and what is empty.
    /// </summary>
    public static int Of(Network network, Weight weight)
    {
        Shape shape = weight.Encoding.Shape;
        if (shape.Rank < 2 || shape.Count == 0)
            return None;
        int[] axes =
        [
            .. network
                .Graph.Consumers(weight.Name)
                .SelectMany(n =>
                    n.Inputs.Select((input, i) => input == weight.Name ? n.Operator.AxesOf(i, shape) : null)
                )
                .OfType<LayerAxes>()
                .Select(a => a.OutputAxis ?? None)
                .Distinct(),
        ];
        return axes.Length switch
        {
            0 => 0,
            1 => axes[0],
            _ => None,
        };
    }

    /// <summary>The axis of a layer's weight along which outputs lie; <see cref="None"/> if there is none.</summary>
    public static int OfLayer(Node layer, Shape weight) =>
        layer.Operator.AxesOf(LinearOperator.WeightInput, weight) is { } axes ? axes.OutputAxis ?? None : 0;
}

/// <summary>The axis of a weight along which blocks lie that share a scale.</summary>
internal static class BlockAxis
{
    /// <summary>
    /// The axis that the first layer which reads the weight sums over; of a table that is looked up in, the last axis
    /// of a row; else the last axis. <see cref="OutputAxis.None"/> for weights without axes or elements.
    /// </summary>
    public static int Of(Network network, Weight weight)
    {
        Shape shape = weight.Encoding.Shape;
        if (shape.Rank == 0 || shape.Count == 0)
            return OutputAxis.None;
        foreach (Node node in network.Graph.Consumers(weight.Name))
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] != weight.Name)
                    continue;
                if (node.Operator.AxesOf(i, shape) is { } axes)
                    return axes.InputAxis;
                if (node.Operator.LookupAxis(i, shape) is { } looked)
                    return looked == shape.Rank - 1 ? shape.Rank - 2 : shape.Rank - 1;
            }
        return shape.Rank - 1;
    }
}

/// <summary>
/// Which numbers of a weight share a scale: those of one place along an axis, those of a block of places along it, or
/// all.
/// </summary>
internal sealed class WeightChannels
{
    private readonly Scaling scaling;
    private readonly bool isBlocked;

    /// <summary>Along an axis; -1 for all together.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="axis">The axis; -1 for none.</param>
    /// <param name="block">Places of a block along the axis, the places of other axes apart; 0 for no blocks.</param>
    public WeightChannels(Shape shape, int axis, int block = 0)
    {
        Shape scales = LinearEncoding.ScaleShapeOf(shape, axis, block);
        scaling = Scaling.Of(shape, scales, Math.Max(0, axis), block);
        (isBlocked, Count) = (block > 0, (int)scales.Count);
    }

    /// <summary>How many scales there are.</summary>
    public int Count { get; }

    /// <summary>The channel of a row-major position.</summary>
    public int Of(int position) => scaling.IndexOf(position);

    /// <summary>The numbers of a channel, row-major.</summary>
    public T[] Take<T>(ReadOnlySpan<T> values, int channel)
    {
        if (isBlocked)
            return TakeBlock(values, channel);
        int inner = Count == 1 ? Math.Max(1, values.Length) : scaling.Inner;
        var taken = new T[values.Length / Count];
        for (int i = 0, start = channel * inner; i < taken.Length; i += inner, start += inner * Count)
            values.Slice(start, inner).CopyTo(taken.AsSpan(i));
        return taken;
    }

    private T[] TakeBlock<T>(ReadOnlySpan<T> values, int channel)
    {
        int outer = channel / scaling.OuterStep,
            first = channel % scaling.OuterStep / scaling.Inner * scaling.Block;
        var taken = new T[Math.Min(scaling.Block, scaling.Extent - first)];
        int at = (outer * scaling.Extent + first) * scaling.Inner + channel % scaling.Inner;
        for (int i = 0; i < taken.Length; i++, at += scaling.Inner)
            taken[i] = values[at];
        return taken;
    }
}

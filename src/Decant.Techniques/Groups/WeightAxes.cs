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
                .Where(n => n.Operator is LinearOperator && n.Inputs[LinearOperator.WeightInput] == weight.Name)
                .Select(n => OfLayer(n, shape))
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

/// <summary>Which numbers of a weight share a scale: those of one place along an axis, or all.</summary>
internal sealed class WeightChannels
{
    private readonly int inner,
        total;

    /// <summary>Along an axis; -1 for all together.</summary>
    public WeightChannels(Shape shape, int axis)
    {
        total = (int)shape.Count;
        Count = axis < 0 ? 1 : shape[axis];
        inner = axis < 0 ? Math.Max(1, total) : (int)shape.CountFrom(axis + 1);
    }

    /// <summary>How many scales there are.</summary>
    public int Count { get; }

    /// <summary>The channel of a row-major position.</summary>
    public int Of(int position) => position / inner % Count;

    /// <summary>The numbers of a channel, row-major.</summary>
    public T[] Take<T>(ReadOnlySpan<T> values, int channel)
    {
        var taken = new T[total / Count];
        for (int i = 0, start = channel * inner; i < taken.Length; i += inner, start += inner * Count)
            values.Slice(start, inner).CopyTo(taken.AsSpan(i));
        return taken;
    }
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Groups;

/// <summary>A layer's weight seen with four axes: groups of channels that do not mix, two that are its outputs and inputs, and the kernel's places.</summary>
/// <param name="Sizes">The extents of the four axes; their product is the weight's.</param>
/// <param name="Output">Which axis counts outputs, 1 or 2.</param>
internal sealed record WeightAxes(long[] Sizes, int Output)
{
    private const int Kernel = 3;

    /// <summary>Which axis counts inputs.</summary>
    public int Input => Kernel - Output;

    /// <summary>The axes of a weight, as the nodes that read it use them.</summary>
    /// <exception cref="ModelException">No node or one of another kind reads it, or two read it differently.</exception>
    public static WeightAxes Of(Network network, Weight weight)
    {
        WeightAxes? axes = null;
        foreach (Node node in network.Nodes)
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] != weight.Name) continue;
                WeightAxes here = Of(node, i, weight.Encoding.Shape)
                    ?? throw new ModelException($"weight '{weight.Name}' of shape {weight.Encoding.Shape} is read by {node}: which of its axes are outputs cannot be told; select the weights of convolutions and matrix products, or use a kind that takes each number by itself");
                if (axes is not null && !axes.Same(here))
                    throw new ModelException($"weight '{weight.Name}' is read in two ways, the second time by {node}: which of its axes are outputs cannot be told; leave it out of 'weights'");
                axes = here;
            }
        return axes ?? throw new ModelException($"weight '{weight.Name}' is read by no layer; leave it out of 'weights'");
    }

    /// <summary>The weight's numbers in groups.</summary>
    public WeightGroups By(GroupKind kind) => new(Sizes, kind switch
    {
        GroupKind.Neuron => [Input, Kernel],
        GroupKind.Channel => [Output, Kernel],
        GroupKind.Kernel => [Kernel],
        GroupKind.Column => [Output],
        _ => [0, 1, 2, Kernel],
    });

    private static WeightAxes? Of(Node node, int input, Shape shape) => (node.Operator, input) switch
    {
        (Conv conv, 1) => Windowed(shape, conv.Group, output: 1),
        (ConvTranspose conv, 1) => Windowed(shape, conv.Group, output: 2),
        (Gemm gemm, 1) when shape.Rank == 2 => Matrix(shape, output: gemm.TransB ? 1 : 2),
        (Gemm gemm, 0) when shape.Rank == 2 => Matrix(shape, output: gemm.TransA ? 2 : 1),
        (MatMul, 1) when shape.Rank == 2 => Matrix(shape, output: 2),
        (MatMul, 0) when shape.Rank == 2 => Matrix(shape, output: 1),
        _ => null,
    };

    private static WeightAxes Matrix(Shape shape, int output) => new([1, shape[0], shape[1], 1], output);

    private static WeightAxes Windowed(Shape shape, int groups, int output) => new([groups, shape[0] / groups, shape[1], shape.CountFrom(2)], output);

    private bool Same(WeightAxes other) => Output == other.Output && Sizes.AsSpan().SequenceEqual(other.Sizes);
}

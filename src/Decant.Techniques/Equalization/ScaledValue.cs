using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Equalization;

/// <summary>
/// A value whose channels, along its last axis, can be made smaller where they are made and larger in the weights of
/// the layers that read it, so that the network computes the same.
/// </summary>
/// <param name="Name">The value.</param>
/// <param name="Readers">The layers that read it, all matrix products.</param>
/// <param name="Makers">The weights that make its channels, and along which of their axes these lie.</param>
internal sealed record ScaledValue(
    string Name,
    IReadOnlyList<Node> Readers,
    IReadOnlyList<(string Weight, int Axis)> Makers
)
{
    /// <summary>All such values that layers with selected weights read, in the network's order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="selected">The names of the weights.</param>
    public static IEnumerable<ScaledValue> Of(Network network, IReadOnlySet<string> selected)
    {
        foreach (Node node in network.Nodes)
        foreach (string value in node.Outputs)
            if (
                !network.Graph.IsOutput(value)
                && network.Graph.Consumers(value) is { Count: > 0 } readers
                && readers.All(r => IsReader(network, r, value, selected))
                && MakersOf(network, value, ChannelsOf(network, readers[0])) is { } makers
            )
                yield return new ScaledValue(value, [.. readers], makers);
    }

    /// <summary>The axis of a reader's weight along which the value's channels lie.</summary>
    public static int AxisOf(Network network, Node reader) =>
        BlockAxis.Of(network, network.Weights[reader.Inputs[LinearOperator.WeightInput]]);

    /// <summary>The network with each channel divided by a factor where it is made and multiplied where it is
    /// read.</summary>
    public Network Scaled(Network network, double[] factors)
    {
        var changed = new Dictionary<string, Encoding>(StringComparer.Ordinal);
        foreach (var (weight, axis) in Makers)
            changed[weight] = Times(network.Weights[weight], axis, Array.ConvertAll(factors, f => 1 / f));
        foreach (Node reader in Readers)
        {
            Weight weight = network.Weights[reader.Inputs[LinearOperator.WeightInput]];
            changed[weight.Name] = Times(weight, AxisOf(network, reader), factors);
        }
        return network.With(changed);
    }

    /// <summary>A weight whose places along an axis are multiplied by factors.</summary>
    public static DenseEncoding Times(Weight weight, int axis, double[] factors)
    {
        float[] values = (float[])FiniteWeights.Of(weight, "scaled").Array<float>().Clone();
        int inner = (int)weight.Encoding.Shape.CountFrom(axis + 1);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] * factors[i / inner % factors.Length]);
        return new DenseEncoding(Tensor.Of(weight.Encoding.Shape, values));
    }

    private static bool IsReader(Network network, Node node, string value, IReadOnlySet<string> selected) =>
        node.Operator is MatMul or Gemm { TransA: false }
        && node.Inputs[0] == value
        && selected.Contains(node.Inputs[LinearOperator.WeightInput])
        && IsOwn(network, node.Inputs[LinearOperator.WeightInput], rank: 2);

    private static int ChannelsOf(Network network, Node reader) =>
        network.Weights[reader.Inputs[LinearOperator.WeightInput]].Encoding.Shape[AxisOf(network, reader)];

    /// <summary>The weights that make a value's channels; null if these cannot be scaled there.</summary>
    private static List<(string Weight, int Axis)>? MakersOf(Network network, string value, int channels)
    {
        if (network.Graph.Producer(value) is not { } maker)
            return null;
        return maker.Operator switch
        {
            LayerNormalization or RMSNormalization => Along(network, maker.Inputs.Skip(1), channels),
            LinearOperator => OutputsOf(network, maker, channels),
            Add => Sum(network, maker, channels),
            Mul => maker.Inputs.Select(i => Before(network, i, channels)).FirstOrDefault(m => m is not null),
            _ when maker.Inputs.Length == 1 && IsScaledThrough(maker.Operator) => Before(
                network,
                maker.Inputs[0],
                channels
            ),
            _ => null,
        };
    }

    private static bool IsScaledThrough(Operator op) =>
        op.Is(OperatorTraits.PositivelyHomogeneous) && op.Is(OperatorTraits.Elementwise);

    /// <summary>The makers of a value that nothing else reads.</summary>
    private static List<(string Weight, int Axis)>? Before(Network network, string value, int channels) =>
        !network.Graph.IsOutput(value) && network.Graph.Consumers(value).Count == 1 && network.Graph.Uses(value) == 1
            ? MakersOf(network, value, channels)
            : null;

    /// <summary>A product and the bias that is added to it.</summary>
    private static List<(string Weight, int Axis)>? Sum(Network network, Node sum, int channels)
    {
        int bias = network.Weights.TryGet(sum.Inputs[0], out _) ? 0 : 1;
        return
            Along(network, [sum.Inputs[bias]], channels) is { } added
            && Before(network, sum.Inputs[1 - bias], channels) is { } product
            ? [.. product, .. added]
            : null;
    }

    private static List<(string Weight, int Axis)>? OutputsOf(Network network, Node layer, int channels)
    {
        if (layer.Operator is not (MatMul or Gemm) || !IsOwn(network, layer.Inputs[1], rank: 2))
            return null;
        int axis = OutputAxis.OfLayer(layer, network.Weights[layer.Inputs[1]].Encoding.Shape);
        if (network.Weights[layer.Inputs[1]].Encoding.Shape[axis] != channels)
            return null;
        return Along(network, layer.Inputs.Skip(2), channels) is { } bias ? [(layer.Inputs[1], axis), .. bias] : null;
    }

    /// <summary>Vectors with an element for each channel; null if one is none.</summary>
    private static List<(string Weight, int Axis)>? Along(Network network, IEnumerable<string> vectors, int channels)
    {
        string[] all = [.. vectors.Where(v => v.Length > 0)];
        return all.All(v => IsOwn(network, v, rank: 1) && network.Weights[v].Encoding.Count == channels)
            ? [.. all.Select(v => (v, 0))]
            : null;
    }

    private static bool IsOwn(Network network, string value, int rank) =>
        network.Weights.TryGet(value, out Weight? weight)
        && network.Graph.Uses(value) == 1
        && weight.Encoding is DenseEncoding { Type: ElementType.Float32, Count: > 0 }
        && weight.Encoding.Shape.Rank == rank;
}

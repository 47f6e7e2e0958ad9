using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Equalization;

/// <summary>
/// Two layers, the second reading the first through nothing but functions with f(s·x) = s·f(x) for s &gt; 0: a
/// channel between them can be made s times smaller in the one and larger in the other, and the network computes the
/// same.
/// </summary>
internal sealed class EqualizedPair
{
    // A channel that is all but dead would make the bias behind it huge.
    private const double MostScale = 1e4;

    private readonly Node first,
        second;
    private readonly int[] outputs,
        inputs;
    private readonly int count,
        spread;

    private EqualizedPair(Network network, Node first, Node second)
    {
        (this.first, this.second) = (first, second);
        (outputs, inputs) = (Channels(network, first, isOutput: true), Channels(network, second, isOutput: false));
        count = outputs.Max() + 1;
        int read = inputs.Max() + 1;
        spread = read / count;
        Fits =
            read % count == 0
            && (spread == 1 || second.Operator is Gemm)
            && (first.Inputs.Length < 3 || network.Weights[first.Inputs[2]].Encoding.Count == count);
    }

    /// <summary>The name of the layer that makes the channels.</summary>
    public string First => first.Name;

    /// <summary>
    /// Whether every channel that is made is read, once or in a stretch of flattened places, and has its number in the
    /// bias.
    /// </summary>
    private bool Fits { get; }

    /// <summary>All pairs of a network, in its order.</summary>
    public static IEnumerable<EqualizedPair> Of(Network network)
    {
        foreach (Node first in network.Nodes.Where(n => IsLayer(network, n)))
            if (
                Reader(first.Outputs[0]) is { } second
                && IsLayer(network, second)
                && new EqualizedPair(network, first, second) is { Fits: true } pair
            )
                yield return pair;

        Node? Reader(string value)
        {
            while (network.Graph.OnlyConsumer(value) is { } only && only.Inputs[0] == value)
            {
                if (!only.Operator.Is(OperatorTraits.PositivelyHomogeneous) || only.Inputs.Count(i => i == value) > 1)
                    return only;
                value = only.Outputs[0];
            }
            return null;
        }
    }

    /// <summary>
    /// Brings both ranges of each channel to their geometric mean (Nagel, van Baalen, Blankevoort, Welling 2019,
    /// equation 11).
    /// </summary>
    /// <returns>The weights that changed, and by how much the channel that changed most.</returns>
    /// <exception cref="ModelException">A number is not finite; the weight is named.</exception>
    public (Dictionary<string, Encoding> Changed, double Most) Even(Network network)
    {
        Weight made = network.Weights[first.Inputs[1]],
            read = network.Weights[second.Inputs[1]];
        float[] w1 = Copy(made),
            w2 = Copy(read);
        double[] scales =
        [
            .. Largest(w1, outputs, 1)
                .Zip(Largest(w2, inputs, spread), (a, b) =>
                    a > 0 && b > 0 ? Math.Clamp(Math.Sqrt(a / b), 1 / MostScale, MostScale) : 1
                ),
        ];
        for (int i = 0; i < w1.Length; i++)
            w1[i] = (float)(w1[i] / scales[outputs[i]]);
        for (int i = 0; i < w2.Length; i++)
            w2[i] = (float)(w2[i] * scales[inputs[i] / spread]);
        var changed = new Dictionary<string, Encoding>(StringComparer.Ordinal)
        {
            [made.Name] = Held(made, w1),
            [read.Name] = Held(read, w2),
        };
        if (first.Inputs.Length > 2)
        {
            Weight bias = network.Weights[first.Inputs[2]];
            float[] b = Copy(bias);
            for (int i = 0; i < b.Length; i++)
                b[i] = (float)(b[i] / scales[i]);
            changed[bias.Name] = Held(bias, b);
        }
        return (changed, scales.Max(s => Math.Abs(Math.Log(s))));
    }

    private static bool IsLayer(Network network, Node node) =>
        node.Operator is LinearOperator { AddsBias: true } layer
        && layer.InputChannelAxis(rank: 2) == 1
        && (
            node.Inputs.Length < 3
            || network.Weights.TryGet(node.Inputs[2], out Weight? bias) && bias.Encoding.Shape.Rank == 1
        )
        && node.Inputs.Skip(1)
            .All(i =>
                i.Length > 0
                && network.Graph.Consumers(i).Count == 1
                && network.Weights.TryGet(i, out Weight? w)
                && w.Encoding is DenseEncoding or SparseEncoding
                && w.Encoding is { Type: ElementType.Float32, Count: > 0 }
            );

    private double[] Largest(float[] values, int[] channels, int places)
    {
        var largest = new double[count];
        for (int i = 0; i < values.Length; i++)
            largest[channels[i] / places] = Math.Max(largest[channels[i] / places], Math.Abs(values[i]));
        return largest;
    }

    /// <summary>The output or input channel of each of a layer's weights.</summary>
    private static int[] Channels(Network network, Node layer, bool isOutput)
    {
        Weight weight = network.Weights[layer.Inputs[1]];
        WeightAxes axes = WeightAxes.Of(network, weight);
        long[] sizes = axes.Sizes;
        int axis = isOutput ? axes.Output : axes.Input;
        long inner = sizes[(axis + 1)..].Aggregate(1L, (a, b) => a * b),
            group = sizes[1] * sizes[2] * sizes[3];
        var channels = new int[weight.Encoding.Count];
        for (int i = 0; i < channels.Length; i++)
            channels[i] = (int)(i / group * sizes[axis] + i / inner % sizes[axis]);
        return channels;
    }

    private static float[] Copy(Weight weight) =>
        (float[])FiniteWeights.Of(weight, "evened out").Array<float>().Clone();

    private static Encoding Held(Weight weight, float[] values)
    {
        Tensor tensor = Tensor.Of(weight.Encoding.Shape, values);
        return weight.Encoding is SparseEncoding ? SparseEncoding.FromNonZeros(tensor) : new DenseEncoding(tensor);
    }
}

using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Equalization;

/// <summary>
/// Two layers, the second reading the first through nothing but functions with f(s·x) = s·f(x) for s &gt; 0: a channel between them can be made
/// s times smaller in the one and larger in the other, and the network computes the same.
/// </summary>
/// <param name="First">The layer that makes the channels.</param>
/// <param name="Second">The only one that reads them.</param>
internal sealed record EqualizedPair(Node First, Node Second)
{
    /// <summary>All pairs of a network, in its order.</summary>
    public static IEnumerable<EqualizedPair> Of(Network network)
    {
        ILookup<string, Node> readers = network.Nodes.SelectMany(n => n.Inputs.Where(i => i.Length > 0).Distinct().Select(i => (i, n))).ToLookup(p => p.i, p => p.n, StringComparer.Ordinal);
        var ends = network.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (Node first in network.Nodes.Where(n => IsLayer(network, readers, n)))
            if (Reader(first.Outputs[0]) is { } second && IsLayer(network, readers, second) && Fit(network, first, second)) yield return new(first, second);

        Node? Reader(string value)
        {
            while (!ends.Contains(value) && readers[value].ToArray() is [{ } only] && only.Inputs[0] == value)
            {
                if (only.Operator is not (Relu or LeakyRelu or MaxPool or AveragePool or GlobalAveragePool or GlobalMaxPool or Flatten or Identity)) return only;
                value = only.Outputs[0];
            }
            return null;
        }
    }

    /// <summary>Brings both ranges of each channel to their geometric mean (Nagel, van Baalen, Blankevoort, Welling 2019, equation 11).</summary>
    /// <returns>The weights that changed, and by how much the channel that changed most.</returns>
    public (IReadOnlyList<Weight> Changed, double Most) Even(Network network)
    {
        Weight made = network.Weights[First.Inputs[1]], read = network.Weights[Second.Inputs[1]];
        float[] w1 = Copy(made), w2 = Copy(read);
        int[] outputs = Channels(network, made, isOutput: true), inputs = Channels(network, read, isOutput: false);
        int count = outputs.Max() + 1, spread = (inputs.Max() + 1) / count;
        double[] scales = Scales(Largest(w1, outputs, 1, count), Largest(w2, inputs, spread, count));
        for (int i = 0; i < w1.Length; i++) w1[i] = (float)(w1[i] / scales[outputs[i]]);
        for (int i = 0; i < w2.Length; i++) w2[i] = (float)(w2[i] * scales[inputs[i] / spread]);
        var changed = new List<Weight> { Dense(made, w1), Dense(read, w2) };
        if (First.Inputs.Length > 2)
        {
            Weight bias = network.Weights[First.Inputs[2]];
            float[] b = Copy(bias);
            for (int i = 0; i < b.Length; i++) b[i] = (float)(b[i] / scales[i]);
            changed.Add(Dense(bias, b));
        }
        return (changed, scales.Max(s => Math.Abs(Math.Log(s))));
    }

    private static bool IsLayer(Network network, ILookup<string, Node> readers, Node node) =>
        node.Operator is Conv or Gemm { TransA: false, Beta: 1 } && node.Inputs.Skip(1).All(i => i.Length > 0 && network.Weights.TryGet(i, out Weight? w) && w.Encoding.Type == ElementType.Float32
            && w.Encoding.Count > 0 && readers[i].Count() == 1) && (node.Inputs.Length < 3 || network.Weights[node.Inputs[2]].Encoding.Shape is { Rank: 1 });

    /// <summary>Whether every channel that is made is read, once or in a stretch of flattened places, and its bias is a number a channel.</summary>
    private static bool Fit(Network network, Node first, Node second)
    {
        int made = Channels(network, network.Weights[first.Inputs[1]], isOutput: true).Max() + 1, read = Channels(network, network.Weights[second.Inputs[1]], isOutput: false).Max() + 1;
        return read % made == 0 && (read == made || second.Operator is Gemm) && (first.Inputs.Length < 3 || network.Weights[first.Inputs[2]].Encoding.Count == made);
    }

    private static double[] Scales(double[] made, double[] read) => [.. made.Zip(read, (a, b) => a > 0 && b > 0 ? Math.Sqrt(a / b) : 1)];

    private static double[] Largest(float[] values, int[] channels, int spread, int count)
    {
        var largest = new double[count];
        for (int i = 0; i < values.Length; i++) largest[channels[i] / spread] = Math.Max(largest[channels[i] / spread], Math.Abs(values[i]));
        return largest;
    }

    /// <summary>The output or input channel of each number of a weight.</summary>
    private static int[] Channels(Network network, Weight weight, bool isOutput)
    {
        WeightAxes axes = WeightAxes.Of(network, weight);
        long[] sizes = axes.Sizes;
        int axis = isOutput ? axes.Output : axes.Input;
        var channels = new int[weight.Encoding.Count];
        long inner = 1;
        for (int i = 3; i > axis; i--) inner *= sizes[i];
        long group = sizes[1] * sizes[2] * sizes[3];
        for (int i = 0; i < channels.Length; i++) channels[i] = (int)(i / group * sizes[axis] + i / inner % sizes[axis]);
        return channels;
    }

    private static float[] Copy(Weight weight) => (float[])weight.Encoding.Decode().Array<float>().Clone();

    private static Weight Dense(Weight weight, float[] values) => new(weight.Name, new DenseEncoding(Tensor.Of(weight.Encoding.Shape, values)));
}

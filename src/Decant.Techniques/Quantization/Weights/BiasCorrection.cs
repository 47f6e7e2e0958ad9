using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Pruning;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Makes up in biases for what rounding weights shifts a layer's mean output by: b ← b − (Ŵ − W)·E[x] (Nagel, van Baalen, Blankevoort, Welling
/// 2019, section 4.2), E[x] the mean over images, and positions, of what the layer multiplies W by.
/// </summary>
internal sealed class BiasCorrection
{
    private const int Batch = 16;

    private readonly TechniqueContext context;
    private readonly IReadOnlyList<Node> layers;
    private readonly Lazy<Dictionary<string, double[]>> means;
    private readonly int samples;

    private BiasCorrection(TechniqueContext context, int samples)
    {
        (this.context, this.samples) = (context, samples);
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        layers = [.. context.Network.Nodes.Where(n => n.Operator is Conv or Gemm { Beta: 1, Alpha: 1 } && selected.Contains(n.Inputs[1]) && LayerInputs.CanBeHad(context.Network, n))];
        means = new(Means);
    }

    /// <summary>A change for each layer whose inputs can be had; made after the weights are changed.</summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context, int samples)
    {
        context.NeedData("'bias-correction'");
        var correction = new BiasCorrection(context, samples);
        return correction.layers.Select(l => new PlannedChange(l.Name, "make up in the bias for what rounding shifts", network => correction.Correct(network, l.Name)));
    }

    private Dictionary<string, double[]> Means()
    {
        var sums = new Dictionary<string, double[]>(StringComparer.Ordinal);
        new DatasetPass(context.Network, Samples.Of(context, samples, "'bias-correction'"), context.Preprocessing, Batch).Forward(step =>
        {
            foreach (Node layer in layers)
            {
                double[] mean = LayerInputs.Of(step.Network, layer).To(TorchType.Float64).Mean([0]).ToArray<double>();
                double share = step.Images.Size(0);
                if (!sums.TryGetValue(layer.Inputs[1], out double[]? sum)) sums[layer.Inputs[1]] = sum = new double[mean.Length];
                for (int i = 0; i < sum.Length; i++) sum[i] += share * mean[i];
            }
        });
        int count = Math.Min(samples, context.Data!.Count);
        return sums.ToDictionary(s => s.Key, s => Array.ConvertAll(s.Value, v => v / count), StringComparer.Ordinal);
    }

    private Network Correct(Network network, string name)
    {
        Node layer = network.Nodes.First(n => n.Name == name);
        Weight before = context.Network.Weights[layer.Inputs[1]];
        WeightMatrix matrix = WeightMatrix.Of(context.Network, before);
        float[] whole = before.Encoding.Decode().Array<float>(), rounded = network.Weights[layer.Inputs[1]].Encoding.Decode().Array<float>();
        double[] mean = means.Value[layer.Inputs[1]];
        float[] bias = HasBias(layer) ? Spread(network.Weights[layer.Inputs[2]].Encoding.Decode().Array<float>(), matrix.Rows) : new float[matrix.Rows];
        for (int r = 0; r < matrix.Rows; r++)
        {
            double shift = 0;
            for (int c = 0; c < matrix.Columns; c++) shift += (rounded[matrix.Position(r, c)] - whole[matrix.Position(r, c)]) * mean[c];
            bias[r] -= (float)shift;
        }
        return WithBias(network, layer, bias);
    }

    private static bool HasBias(Node layer) => layer.Inputs.Length > 2 && layer.Inputs[2].Length > 0;

    private static float[] Spread(float[] bias, int count) => bias.Length == count ? (float[])bias.Clone() : [.. Enumerable.Repeat(bias[0], count)];

    private static Network WithBias(Network network, Node layer, float[] numbers)
    {
        // Another layer may read the old bias, so that the new one has a name of its own.
        string name = $"{layer.Inputs[1]}.bias";
        Node[] nodes = [.. network.Nodes.Select(n => n.Name == layer.Name ? n with { Inputs = [layer.Inputs[0], layer.Inputs[1], name] } : n)];
        var read = nodes.SelectMany(n => n.Inputs).ToHashSet(StringComparer.Ordinal);
        var bias = new Weight(name, Tensor.Of(new Shape(numbers.Length), numbers));
        return new Network(network.Name, network.Inputs, network.Outputs, [.. nodes], network.Weights.Where(w => read.Contains(w.Name)).Append(bias), network.Metadata);
    }
}

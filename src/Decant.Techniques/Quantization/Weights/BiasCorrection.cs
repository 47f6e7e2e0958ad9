using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Makes up in biases for what rounding weights shifts a layer's mean output by: b ← b − (Ŵ − W)·E[x] (Nagel, van
/// Baalen, Blankevoort, Welling 2019, section 4.2), E[x] the mean over images, and positions, of what the layer
/// multiplies W by.
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
        layers =
        [
            .. context.Network.Nodes.Where(n =>
                n.Inputs.Length > 1
                && selected.Contains(n.Inputs[1])
                && LayerInputs.CanBeHad(context.Network, n)
                && LayerBias.CanShift(context.Network, n, OutputAxis.Count(context.Network, n))
            ),
        ];
        means = new(Means);
    }

    /// <summary>A change for each layer whose inputs can be had; made after the weights are changed.</summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context, int samples)
    {
        context.NeedData("'bias-correction'");
        var correction = new BiasCorrection(context, samples);
        return correction.layers.Select(l => new PlannedChange(
            l.Name,
            "make up in the bias for what rounding shifts",
            network => correction.Correct(network, l)
        ));
    }

    private Dictionary<string, double[]> Means()
    {
        var sums = new Dictionary<string, double[]>(StringComparer.Ordinal);
        new DatasetPass(
            context.Network,
            Samples.Of(context, samples, "'bias-correction'"),
            context.Preprocessing,
            Batch
        ).Forward(step =>
        {
            foreach (Node layer in layers)
            {
                double[] mean = LayerInputs.Of(step.Network, layer).To(TorchType.Float64).Mean([0]).ToArray<double>();
                double share = step.Images.Size(0);
                if (!sums.TryGetValue(layer.Outputs[0], out double[]? sum))
                    sums[layer.Outputs[0]] = sum = new double[mean.Length];
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += share * mean[i];
            }
        });
        int count = Math.Min(samples, context.Data!.Count);
        return sums.ToDictionary(s => s.Key, s => Array.ConvertAll(s.Value, v => v / count), StringComparer.Ordinal);
    }

    private Network Correct(Network network, Node planned)
    {
        string output = planned.Outputs[0];
        Node layer = network.Graph.Producer(output)!;
        Weight before = context.Network.Weights[layer.Inputs[1]];
        float[] whole = before.Encoding.Decode().Array<float>(),
            rounded = network.Weights[before.Name].Encoding.Decode().Array<float>();
        var outputs = new WeightChannels(before.Encoding.Shape, OutputAxis.OfLayer(layer, before.Encoding.Shape));
        var shift = new double[outputs.Count];
        for (int o = 0; o < shift.Length; o++)
            shift[o] = -Enumerable
                .Zip(outputs.Take<float>(rounded, o), outputs.Take<float>(whole, o), means.Value[output])
                .Sum(n => (n.First - n.Second) * n.Third);
        return LayerBias.Shifted(network, layer, shift);
    }
}

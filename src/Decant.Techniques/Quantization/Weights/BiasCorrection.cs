using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Makes up in biases for what rounding weights shifts a layer's mean output by: b ← b − (Ŵ − W)·E[x] (Nagel,
/// van Baalen, Blankevoort, Welling 2019, section 4.2), E[x] the mean over examples, and places, of what the layer
/// multiplies W by.
/// </summary>
internal sealed class BiasCorrection
{
    private readonly TechniqueContext context;
    private readonly Dictionary<string, double[]> means;

    private BiasCorrection(TechniqueContext context, IReadOnlyList<LayerMeansRequest> requests)
    {
        this.context = context;
        CollectedStatistics collected = context.Collect(requests, "'bias-correction'");
        means = requests.ToDictionary(r => r.Layer, r => collected.Find(r)!, StringComparer.Ordinal);
    }

    /// <summary>The mean inputs of each layer whose bias is corrected.</summary>
    public static IReadOnlyList<LayerMeansRequest> Needs(TechniqueContext context, int samples)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. context
                .Network.Nodes.Where(n =>
                    n.Inputs.Length > 1
                    && selected.Contains(n.Inputs[1])
                    && LayerInputs.CanBeHad(context.Network, n)
                    && LayerBias.CanShift(context.Network, n, OutputAxis.Count(context.Network, n))
                )
                .Select(n => new LayerMeansRequest(n.Outputs[0], samples)),
        ];
    }

    /// <summary>A change for each layer whose inputs can be had; made after the weights are changed.</summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context, int samples)
    {
        context.NeedData("'bias-correction'");
        IReadOnlyList<LayerMeansRequest> requests = Needs(context, samples);
        if (requests.Count == 0)
            return [];
        var correction = new BiasCorrection(context, requests);
        return requests.Select(r => new PlannedChange(
            context.Network.Graph.Producer(r.Layer)!.Name,
            "make up in the bias for what rounding shifts",
            network => correction.Correct(network, r.Layer)
        ));
    }

    private Network Correct(Network network, string output)
    {
        Node layer = network.Graph.Producer(output)!;
        Weight before = context.Network.Weights[layer.Inputs[1]];
        float[] whole = before.Encoding.Decode().Array<float>(),
            rounded = network.Weights[before.Name].Encoding.Decode().Array<float>();
        var outputs = new WeightChannels(before.Encoding.Shape, OutputAxis.OfLayer(layer, before.Encoding.Shape));
        var shift = new double[outputs.Count];
        for (int o = 0; o < shift.Length; o++)
            shift[o] = -Enumerable
                .Zip(outputs.Take<float>(rounded, o), outputs.Take<float>(whole, o), means[output])
                .Sum(n => (n.First - n.Second) * n.Third);
        return LayerBias.Shifted(network, layer, shift);
    }
}

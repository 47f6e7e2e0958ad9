using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>Brings biases of layers whose input and weight are on grids to whole <see cref="BiasSteps"/>.</summary>
internal static class BiasGrid
{
    // Beyond it a float does not hold every whole number of steps.
    private const double MostSteps = 1 << 24;

    /// <summary>A change for each layer with a selected weight that reads integers; it changes nothing where there is no bias.</summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        var dequantized = context.Network.Nodes.Where(n => n.Operator is DequantizeLinear).Select(n => n.Outputs[0]).ToHashSet(StringComparer.Ordinal);
        return context.Network.Nodes.Where(n => n.Operator is Conv or Gemm && selected.Contains(n.Inputs[1]) && dequantized.Contains(n.Inputs[0]))
            .Select(n => new PlannedChange(n.Name, "bias to whole steps of input and weight", network => Round(network, n.Name)));
    }

    private static Network Round(Network network, string name)
    {
        Node layer = network.Nodes.First(n => n.Name == name);
        if (BiasSteps.Of(network, layer) is not { } steps) return network;
        Encoding old = network.Weights[layer.Inputs[2]].Encoding;
        float[] bias = (float[])old.Decode().Array<float>().Clone();
        for (int i = 0; i < bias.Length; i++)
            if (Math.Round(bias[i] / (double)steps[i]) is var whole && Math.Abs(whole) < MostSteps) bias[i] = (float)(whole * steps[i]);
        return network.With(new Dictionary<string, Encoding> { [layer.Inputs[2]] = new DenseEncoding(Tensor.Of(old.Shape, bias)) });
    }
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Brings biases of layers whose input and weight are on grids to whole steps of the product of both scales (Jacob et al. 2018, section 2.4), so that integer runtimes
/// add them to the sum before it is rounded.
/// </summary>
internal static class BiasGrid
{
    // Beyond it a float does not hold every whole number of steps.
    private const double MostSteps = 1 << 24;

    /// <summary>A change for each layer with a selected weight and a bias; it changes nothing where input or weight turns out to be floats.</summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return context.Network.Nodes.Where(n => n.Operator is Conv or Gemm { Alpha: 1, Beta: 1 } && selected.Contains(n.Inputs[1]) && StepOf(context.Network, n) is not null)
            .Select(n => new PlannedChange(n.Name, "bias to whole steps of input and weight", network => Round(network, n.Name)));
    }

    private static float? StepOf(Network network, Node layer) =>
        network.Nodes.FirstOrDefault(n => n.Outputs[0] == layer.Inputs[0]) is { Operator: DequantizeLinear } input && network.Weights.TryGet(input.Inputs[1], out Weight? scale) && scale.Encoding.Count == 1
            ? scale.Encoding.Decode().Array<float>()[0] : null;

    private static Network Round(Network network, string name)
    {
        Node layer = network.Nodes.First(n => n.Name == name);
        if (StepOf(network, layer) is not { } step || layer.Inputs.Length < 3 || layer.Inputs[2].Length == 0 || network.Weights[layer.Inputs[1]].Encoding is not LinearEncoding weight
            || network.Nodes.Count(n => n.Inputs.Contains(layer.Inputs[2])) != 1) return network;
        float[] bias = (float[])network.Weights[layer.Inputs[2]].Encoding.Decode().Array<float>().Clone();
        for (int i = 0; i < bias.Length; i++)
        {
            float s = step * weight.Scales[weight.Scales.Length == bias.Length ? i : 0];
            double steps = Math.Round(bias[i] / (double)s);
            if (Math.Abs(steps) < MostSteps) bias[i] = (float)(steps * s);
        }
        return network.With(new Dictionary<string, Encoding> { [layer.Inputs[2]] = new DenseEncoding(Tensor.Of(network.Weights[layer.Inputs[2]].Encoding.Shape, bias)) });
    }
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>Brings biases of layers whose input and weight are on grids to whole <see cref="BiasSteps"/>.</summary>
internal static class BiasGrid
{
    // Beyond it a float does not hold every whole number of steps.
    private const double MostSteps = 1 << 24;

    /// <summary>
    /// A change for each layer with a selected weight that reads integers; it changes nothing where there is no bias.
    /// </summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        var dequantized = context
            .Network.Nodes.Where(n => n.Operator is DequantizeLinear)
            .Select(n => n.Outputs[0])
            .ToHashSet(StringComparer.Ordinal);
        return context
            .Network.Nodes.Where(n =>
                n.Operator is Conv or Gemm && selected.Contains(n.Inputs[1]) && dequantized.Contains(n.Inputs[0])
            )
            .Select(n => new PlannedChange(n.Name, "bias to whole steps of input and weight", network =>
                Round(network, n.Outputs[0])
            ));
    }

    private static Network Round(Network network, string output)
    {
        if (network.Graph.Producer(output) is not { } layer || BiasSteps.Of(network, layer) is not { } steps)
            return network;
        Encoding old = network.Weights[layer.Inputs[2]].Encoding;
        float[] bias = (float[])old.Decode().Array<float>().Clone();
        for (int i = 0; i < bias.Length; i++)
            if (Math.Round(bias[i] / (double)steps[i]) is var whole && Math.Abs(whole) < MostSteps)
                bias[i] = (float)(whole * steps[i]);
        return network.With(
            new Dictionary<string, Encoding> { [layer.Inputs[2]] = new DenseEncoding(Tensor.Of(old.Shape, bias)) }
        );
    }
}

/// <summary>Changes what layers add to their outputs.</summary>
internal static class LayerBias
{
    /// <summary>Whether a layer adds one constant, a number for each output or one for all, or could.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">A node.</param>
    /// <param name="outputs">Its outputs.</param>
    public static bool CanShift(Network network, Node layer, int outputs) =>
        layer.Operator is Conv or Gemm { Alpha: 1, Beta: 1 }
        && (
            !HasBias(layer)
            || (
                network.Weights.TryGet(layer.Inputs[2], out Weight? bias)
                && bias.Encoding.Shape.Rank <= 1
                && (bias.Encoding.Count == outputs || bias.Encoding.Count == 1)
            )
        );

    /// <summary>The network with numbers added to a layer's bias, which is made where there is none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">A node of it, of which <see cref="CanShift"/> holds.</param>
    /// <param name="shift">A number for each output.</param>
    public static Network Shifted(Network network, Node layer, ReadOnlySpan<double> shift)
    {
        float[] old = HasBias(layer) ? network.Weights[layer.Inputs[2]].Encoding.Decode().Array<float>() : [0];
        var bias = new float[shift.Length];
        for (int o = 0; o < bias.Length; o++)
            bias[o] = (float)(old[old.Length == 1 ? 0 : o] + shift[o]);
        var rewriter = new NetworkRewriter(network);
        string shifted = rewriter.SetInput(
            layer,
            2,
            $"{layer.Inputs[1]}.bias",
            new DenseEncoding(Tensor.Of(new Shape(bias.Length), bias))
        );
        rewriter.Replace(layer, layer with { Inputs = [layer.Inputs[0], layer.Inputs[1], shifted] });
        return rewriter.ToNetwork();
    }

    private static bool HasBias(Node layer) => layer.Inputs.Length > 2 && layer.Inputs[2].Length > 0;
}

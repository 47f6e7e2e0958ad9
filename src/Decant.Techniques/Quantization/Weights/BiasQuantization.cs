using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Makes biases of layers that compute on integers whole multiples of their <see cref="BiasScales"/>. Where a bias
/// would not fit int32, the scale of its channel's weights is raised, and they are quantized again.
/// </summary>
internal static class BiasQuantization
{
    // Beyond it a float does not hold every whole number.
    private const double LargestExact = 1 << 24;

    // The largest product of two codes, one of them without sign.
    private const long LargestProduct = byte.MaxValue * 128;

    /// <summary>
    /// A change for each layer with a selected weight that reads integers; it changes nothing where there is no bias.
    /// </summary>
    public static IEnumerable<PlannedChange> Plan(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        Network before = context.Network;
        return before
            .Nodes.Where(n =>
                n.Operator is LinearOperator { BiasInput: not null }
                && selected.Contains(n.Inputs[1])
                && before.Graph.Producer(n.Inputs[0]) is { Operator: DequantizeLinear }
            )
            .Select(n => new PlannedChange(n.Name, "bias to int32, at the scale of input times weight", network =>
                Quantize(network, n.Outputs[0], before.Weights[n.Inputs[1]])
            ));
    }

    private static Network Quantize(Network network, string output, Weight whole)
    {
        Node layer = network.Graph.Producer(output)!;
        if (BiasScales.Of(network, layer) is not { } scales)
            return network;
        float[] bias = (float[])network.Weights[layer.Inputs[2]].Encoding.Decode().Array<float>().Clone();
        if (Raised(network, layer, whole, bias) is { } raised)
        {
            network = network.With(new Dictionary<string, Encoding>(StringComparer.Ordinal) { [whole.Name] = raised });
            scales = BiasScales.Of(network, layer)!;
        }
        for (int i = 0; i < bias.Length; i++)
            if (Math.Round(bias[i] / (double)scales[i]) is var code && Math.Abs(code) < LargestExact)
                bias[i] = (float)(code * scales[i]);
        var rewriter = new NetworkRewriter(network);
        var encoding = new DenseEncoding(Tensor.Of(new Shape(bias.Length), bias));
        string name = rewriter.SetInput(layer, 2, layer.Inputs[2], encoding);
        rewriter.Replace(layer, layer with { Inputs = layer.Inputs.SetItem(2, name) });
        return rewriter.ToNetwork();
    }

    /// <summary>The weight at scales at which each channel's bias fits int32; null if all do.</summary>
    private static LinearEncoding? Raised(Network network, Node layer, Weight whole, float[] bias)
    {
        var linear = (LinearEncoding)network.Weights[whole.Name].Encoding;
        double input = BiasScales.OfInput(network, layer)!.Value;
        long products = whole.Encoding.Count / bias.Length * LargestProduct,
            largest = Math.Max(int.MaxValue / 2, int.MaxValue - products);
        float[] raised = linear.Scales.ToArray();
        bool any = false;
        for (int i = 0; i < bias.Length; i++)
        {
            int channel = raised.Length == 1 ? 0 : i;
            double least = Math.Abs(bias[i]) / (input * largest);
            if (!(least > raised[channel]))
                continue;
            raised[channel] = MathF.BitIncrement((float)least);
            any = true;
        }
        return any ? LinearWeights.Requantized(whole, linear, raised) : null;
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
        layer.Operator is LinearOperator { AddsBias: true, ProductScale: 1 } and not ConvTranspose
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

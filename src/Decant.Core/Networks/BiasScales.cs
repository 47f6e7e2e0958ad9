using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// The scales of biases that are added to sums of integers (Jacob et al. 2018, section 2.4). A convolution or matrix
/// product whose input comes from DequantizeLinear with one scale, and whose weight is linear, sums products of codes:
/// the scale of each output's sum is that of the input times that of the weight. A bias that is a whole multiple of it
/// is added before the sum is rounded, as int32.
/// </summary>
public static class BiasScales
{
    /// <summary>
    /// A scale for each element of a layer's bias; null if the layer does not compute on integers, its weight has
    /// scales in blocks, or there is no constant bias with an element for each output.
    /// </summary>
    public static float[]? Of(Network network, Node layer)
    {
        if (
            OfInput(network, layer) is not { } input
            || layer.Inputs.Length < 3
            || !network.Weights.TryGet(layer.Inputs[1], out Weight? weight)
            || weight.Encoding is not LinearEncoding { Block: 0 } linear
            || !network.Weights.TryGet(layer.Inputs[2], out Weight? bias)
            || bias.Encoding is not { Type: ElementType.Float32, Shape.Rank: 1 }
        )
            return null;
        float[] scales = Array.ConvertAll(linear.Scales.ToArray(), s => input * s);
        return scales.Length == bias.Encoding.Count ? scales
            : scales.Length == 1 ? [.. Enumerable.Repeat(scales[0], bias.Encoding.Count)]
            : null;
    }

    /// <summary>
    /// What one step of a layer's input adds to its output, times a weight: the input's scale, for a Gemm times alpha;
    /// null if the input is not dequantized with one scale.
    /// </summary>
    public static float? OfInput(Network network, Node layer)
    {
        float factor = layer.Operator is LinearOperator { AddsBias: true } linear ? linear.ProductScale : 0;
        return
            factor > 0
            && network.Graph.Producer(layer.Inputs[0]) is { Operator: DequantizeLinear } input
            && network.Weights.TryGet(input.Inputs[1], out Weight? scale)
            && scale.Encoding is { Type: ElementType.Float32, Count: 1 }
            ? factor * scale.Encoding.Decode().Array<float>()[0]
            : null;
    }
}

using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// The steps in which layers on integers count (Jacob et al. 2018, section 2.4): of a convolution or matrix product
/// whose input comes from DequantizeLinear with one scale, and whose weight is linear, each output's sum of codes
/// counts in input scale times weight scale.
/// A bias in whole steps is added to the sum before it is rounded.
/// </summary>
public static class BiasSteps
{
    /// <summary>
    /// A step for each number of a layer's bias; null if the layer is none such, or has no bias of its own.
    /// </summary>
    public static float[]? Of(Network network, Node layer)
    {
        if (
            layer.Operator is not LinearOperator { AddsBias: true, ProductScale: 1 } or ConvTranspose
            || layer.Inputs.Length < 3
            || !network.Weights.TryGet(layer.Inputs[1], out Weight? weight)
            || weight.Encoding is not LinearEncoding linear
        )
            return null;
        if (
            !network.Weights.TryGet(layer.Inputs[2], out Weight? bias)
            || bias.Encoding is not { Type: ElementType.Float32, Shape.Rank: 1 }
            || network.Graph.Consumers(bias.Name).Count != 1
        )
            return null;
        if (
            network.Graph.Producer(layer.Inputs[0]) is not { Operator: DequantizeLinear } input
            || !network.Weights.TryGet(input.Inputs[1], out Weight? scale)
            || scale.Encoding.Count != 1
        )
            return null;
        float step = scale.Encoding.Decode().Array<float>()[0];
        float[] steps = Array.ConvertAll(linear.Scales.ToArray(), s => step * s);
        return steps.Length == bias.Encoding.Count ? steps
            : steps.Length == 1 ? [.. Enumerable.Repeat(steps[0], bias.Encoding.Count)]
            : null;
    }
}

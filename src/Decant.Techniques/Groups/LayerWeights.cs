using Decant.Core;

namespace Decant.Techniques.Groups;

/// <summary>
/// The parameters that techniques treat where none are named: floats that layers multiply by or look up. Biases,
/// scales, masks and constants such as prior boxes are none.
/// </summary>
public static class LayerWeights
{
    /// <summary>Those of a network, in its order.</summary>
    public static IEnumerable<Weight> In(Network network) => network.Weights.Where(w => Has(network, w));

    /// <summary>
    /// Whether a layer multiplies by a weight or looks slices of it up, as it is or after its elements were moved.
    /// </summary>
    public static bool Has(Network network, Weight weight) =>
        weight.IsTrainable && weight.Encoding.Shape.Rank > 1 && IsRead(network, weight.Name, weight.Encoding.Shape);

    private static bool IsRead(Network network, string value, Shape shape)
    {
        foreach (Node node in network.Graph.Consumers(value))
            for (int i = 0; i < node.Inputs.Length; i++)
                if (node.Inputs[i] == value && IsRead(network, node, i, shape))
                    return true;
        return false;
    }

    private static bool IsRead(Network network, Node node, int input, Shape shape) =>
        node.Operator.AxesOf(input, shape) is not null
        || node.Operator.LookupAxis(input, shape) is not null
        || (
            input == 0
            && node.Operator.Is(OperatorTraits.MovesElements)
            && node.Inputs.Skip(1).All(i => i.Length == 0 || network.Weights.TryGet(i, out _))
            && IsRead(network, node.Outputs[0], shape)
        );
}

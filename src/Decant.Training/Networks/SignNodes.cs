using Decant.Core;
using Op = Decant.Core.Operators;

namespace Decant.Training;

/// <summary>
/// Signs of values, as networks with binary activations write them: Where(x ≥ 0, 1, −1). In training their gradient is that of x held
/// within −1 and 1 (BNN: Hubara et al. 2016; XNOR-Net: Rastegari et al. 2016), and their constants stay.
/// </summary>
internal static class SignNodes
{
    /// <summary>The value whose signs a node makes; null if it is another node.</summary>
    public static string? SourceOf(Network network, Node node) =>
        node.Operator is Op.Where && Comparison(network, node) is { } comparison && Is(network, comparison.Inputs[1], 0) && Is(network, node.Inputs[1], 1) && Is(network, node.Inputs[2], -1)
            ? comparison.Inputs[0] : null;

    /// <summary>The constants of all signs.</summary>
    public static IEnumerable<string> Constants(Network network) =>
        network.Nodes.Where(n => SourceOf(network, n) is not null).SelectMany(n => n.Inputs.Skip(1).Append(Comparison(network, n)!.Inputs[1]));

    private static Node? Comparison(Network network, Node node) => network.Nodes.FirstOrDefault(n => n.Operator is Op.GreaterOrEqual && n.Outputs[0] == node.Inputs[0]);

    private static bool Is(Network network, string weight, float number) =>
        network.Weights.TryGet(weight, out Weight? w) && w.Encoding is DenseEncoding { Type: ElementType.Float32, Count: 1 } && w.Encoding.Decode().Array<float>()[0] == number;
}

using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// Signs of values as networks with binary activations write them, since ONNX's Sign has three results: Where over a
/// comparison with 0, whose results are 1 for x ≥ 0 and −1 for x &lt; 0.
/// </summary>
public static class SignPattern
{
    /// <summary>The value whose signs a node makes; null if it makes anything else.</summary>
    /// <param name="node">The node.</param>
    /// <param name="producer">The node that makes a value; null for inputs and constants.</param>
    /// <param name="number">The only element of a constant; null for all other values.</param>
    public static string? SourceOf(Node node, Func<string, Node?> producer, Func<string, float?> number)
    {
        if (
            node.Operator is not Where
            || producer(node.Inputs[0]) is not { } comparison
            || Compared(comparison, number) is not var (source, whenTrue)
        )
            return null;
        return number(node.Inputs[1]) == whenTrue && number(node.Inputs[2]) == -whenTrue ? source : null;
    }

    /// <summary>The value whose signs a node of a network makes; null if it makes anything else.</summary>
    public static string? SourceOf(Network network, Node node) =>
        SourceOf(node, network.Graph.Producer, value => Number(network, value));

    /// <summary>The constants of all signs of a network, which training must leave as they are.</summary>
    public static IEnumerable<string> Constants(Network network) =>
        network
            .Nodes.Where(n => SourceOf(network, n) is not null)
            .SelectMany(n => n.Inputs.Skip(1).Concat(network.Graph.Producer(n.Inputs[0])!.Inputs))
            .Where(i => network.Weights.TryGet(i, out _));

    /// <summary>What a comparison with 0 compares, and the sign that holds where it is true.</summary>
    private static (string Source, float WhenTrue)? Compared(Node comparison, Func<string, float?> number) =>
        comparison.Operator switch
        {
            GreaterOrEqual when number(comparison.Inputs[1]) == 0 => (comparison.Inputs[0], 1),
            LessOrEqual when number(comparison.Inputs[0]) == 0 => (comparison.Inputs[1], 1),
            Less when number(comparison.Inputs[1]) == 0 => (comparison.Inputs[0], -1),
            Greater when number(comparison.Inputs[0]) == 0 => (comparison.Inputs[1], -1),
            _ => null,
        };

    private static float? Number(Network network, string value) =>
        network.Weights.TryGet(value, out Weight? weight)
        && weight.Encoding is DenseEncoding { Type: ElementType.Float32, Count: 1 }
            ? weight.Encoding.Decode().Array<float>()[0]
            : null;
}

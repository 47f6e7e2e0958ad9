using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Which values lead to layers that compute on integers: what those read, and what sums, pools and nodes that only move
/// elements pass on to them. All others lose by a grid, and nothing gains.
/// </summary>
internal sealed class IntegerFlow
{
    private readonly HashSet<string> wanted = new(StringComparer.Ordinal);

    /// <summary>Finds them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="isSelected">Whether a layer computes on integers.</param>
    public IntegerFlow(Network network, Func<Node, bool> isSelected)
    {
        foreach (Node node in network.Nodes.Reverse())
            if (node.Operator is LinearOperator)
            {
                if (isSelected(node))
                    wanted.Add(node.Inputs[0]);
            }
            else if (node.Outputs.Any(wanted.Contains) && (PassesOn(node.Operator) || IsJoined(node.Operator)))
                wanted.UnionWith(node.Inputs.Where((input, i) => input.Length > 0 && !node.Operator.IsSetting(i)));
    }

    /// <summary>Whether a value leads to such a layer.</summary>
    public bool LeadsOn(string value) => wanted.Contains(value);

    /// <summary>Whether an operator passes integers on to what reads it.</summary>
    public static bool PassesOn(Operator op) => op is Add or AveragePool or GlobalAveragePool || Moves(op);

    /// <summary>Whether an operator only moves or selects elements, so that what it makes has the grid of what it
    /// reads.</summary>
    public static bool Moves(Operator op) =>
        op.Is(OperatorTraits.MovesElements) || op is PoolingOperator && op.Is(OperatorTraits.SelectsElements);

    // These are part of the node before, or bring a value to its grid.
    private static bool IsJoined(Operator op) => op is Relu or BatchNormalization or Clip or LinearQuantizer;
}

/// <summary>Removes QuantizeLinear and DequantizeLinear that lead to no layer that computes on integers.</summary>
public static class UnusedGrids
{
    /// <summary>
    /// The node that makes the codes which a DequantizeLinear node reads, by a range that is known or that each run
    /// has; null if codes come from elsewhere.
    /// </summary>
    public static Node? QuantizerOf(Network network, Node dequantize) =>
        network.Graph.Producer(dequantize.Inputs[0]) is { Operator: QuantizeLinear or DynamicQuantizeLinear } quantizer
            ? quantizer
            : null;

    /// <summary>The network without such pairs: what read them reads the floats that they were made of.</summary>
    /// <param name="network">A network with quantized layers, some of which may have become floats again.</param>
    public static Network RemovedFrom(Network network)
    {
        var flow = new IntegerFlow(network, IsQuantized);
        var rewriter = new NetworkRewriter(network);
        foreach (Node node in network.Nodes)
            if (
                node.Operator is DequantizeLinear
                && !flow.LeadsOn(node.Outputs[0])
                && QuantizerOf(network, node) is { } quantize
            )
            {
                rewriter.Redirect(node.Outputs[0], quantize.Inputs[0]);
                rewriter.Remove(node);
                if (quantize.Outputs.SelectMany(o => network.Graph.Consumers(o)).All(n => n == node))
                    rewriter.Remove(quantize);
            }
        return rewriter.ToNetwork();

        bool IsQuantized(Node layer) =>
            network.Graph.Producer(layer.Inputs[0]) is { Operator: DequantizeLinear }
            && network.Weights.TryGet(layer.Inputs[LinearOperator.WeightInput], out Weight? weight)
            && weight.Encoding is LinearEncoding;
    }
}

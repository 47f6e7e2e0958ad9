using Decant.Core.Operators;

namespace Decant.Core.Channels;

/// <summary>Finds where channels are split into attention heads.</summary>
internal static class AttentionSplits
{
    /// <summary>
    /// The Reshapes whose output, moved and scaled, is an operand of a product of two computed values.
    /// </summary>
    public static HashSet<Node> In(Network network)
    {
        var splits = new HashSet<Node>();
        foreach (Node product in network.Nodes.Where(n => n.Operator is MatMul))
        {
            if (product.Inputs.Any(input => network.Weights.TryGet(input, out _)))
                continue;
            foreach (string operand in product.Inputs)
                Find(network, operand, splits);
        }
        return splits;
    }

    private static void Find(Network network, string operand, HashSet<Node> splits)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([operand]);
        while (open.TryPop(out string? value))
        {
            if (!seen.Add(value) || network.Graph.Producer(value) is not { } node)
                continue;
            if (node.Operator is Reshape)
                splits.Add(node);
            else if (node.Operator.Is(OperatorTraits.MovesElements) || node.Operator.Is(OperatorTraits.Elementwise))
                foreach (string input in node.Inputs)
                    open.Push(input);
        }
    }
}

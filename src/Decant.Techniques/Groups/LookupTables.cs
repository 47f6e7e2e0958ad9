using Decant.Core;

namespace Decant.Techniques.Groups;

/// <summary>
/// Tables whose slices a network looks up by what it is given, as it does words in an embedding. Tables of positions
/// are none: what is looked up there depends on shapes and constants alone.
/// </summary>
public static class LookupTables
{
    // Of a smaller table nothing is gained, and each of its slices is read often.
    private const int LeastSlices = 256;

    /// <summary>The float table that a node looks up in; null if there is none, or one of few slices.</summary>
    public static Weight? In(Network network, Node node)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
            if (
                network.Weights.TryGet(node.Inputs[i], out Weight? table)
                && table.IsTrainable
                && node.Operator.LookupAxis(i, table.Encoding.Shape) is { } axis
                && table.Encoding.Shape[axis] >= LeastSlices
                && node.Inputs.Where((_, other) => other != i).Any(input => DependsOnInputs(network, input))
            )
                return table;
        return null;
    }

    /// <summary>
    /// Whether elements of an activation depend on elements of the network's inputs, not on shapes alone.
    /// </summary>
    private static bool DependsOnInputs(Network network, string activation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([activation]);
        while (open.TryPop(out string? value))
        {
            if (value.Length == 0 || !seen.Add(value) || network.Weights.TryGet(value, out _))
                continue;
            if (network.Graph.Producer(value) is not { } node)
                return true;
            if (!node.Operator.Is(OperatorTraits.ReadsShapes))
                foreach (string input in node.Inputs)
                    open.Push(input);
        }
        return false;
    }
}

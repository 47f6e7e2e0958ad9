namespace Decant.Core.Channels.Constants;

/// <summary>Recurrent cells: a unit whose weights and biases are all zero stays at zero, where it starts.</summary>
internal static class RecurrentConstants
{
    public static Dictionary<int, double> Of(NodeConstants n)
    {
        // Of the usual activations, those that make the state take zero to zero.
        if (n.Node.Operator.Attributes.Has("activations") || n.Has(5) || n.Has(6)) return [];
        return n.Each(root => new[] { 1, 2, 3 }.All(i => !n.Has(i) || IsZero(n, i, root)) ? 0 : null);
    }

    private static bool IsZero(NodeConstants n, int input, int root)
    {
        float[] numbers = n.Weight(input);
        int[] rows = n.Marks(input, 1)!;
        int inner = (int)n.Shape(input).CountFrom(2);
        return numbers.Length > 0 && !numbers.Where((w, i) => w != 0 && n.Root(rows[i / inner % rows.Length]) == root).Any();
    }
}

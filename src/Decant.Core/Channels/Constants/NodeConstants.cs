namespace Decant.Core.Channels.Constants;

/// <summary>One node on the way of constants: what is known of what it reads.</summary>
/// <param name="values">What is known so far.</param>
/// <param name="node">The node.</param>
/// <param name="output">The output that is asked for.</param>
/// <param name="roots">The channels of the output.</param>
internal sealed class NodeConstants(ConstantValues values, Node node, string output, int[] roots)
{
    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>Whether an input is given.</summary>
    public bool Has(int input) => input < node.Inputs.Length && node.Inputs[input].Length > 0;

    /// <summary>Whether an input has a channel.</summary>
    public bool Has(int input, int root) =>
        (values.Flow.Known(node.Inputs[input]) ?? []).Any(marks => marks?.Any(m => Root(m) == root) == true);

    /// <summary>
    /// The constant that a channel of an input is; null if it is none. An input that is a single element is that for
    /// every channel.
    /// </summary>
    public double? Of(int input, int root) => values.Of(node.Inputs[input], root);

    /// <summary>The elements of an input that is a weight; empty if it is none.</summary>
    public float[] Weight(int input) =>
        Has(input) && values.Flow.Network.Weights.TryGet(node.Inputs[input], out Weight? w) && w.IsTrainable
            ? values.Decoded(w.Name)
            : [];

    /// <summary>The shape of an input.</summary>
    public Shape Shape(int input) => values.Flow.Shapes[node.Inputs[input]]!.Shape!.Value;

    /// <summary>The marks along an axis of an input.</summary>
    public int[]? Marks(int input, int axis) => values.Flow.Known(node.Inputs[input])?[axis];

    /// <summary>The marks along an axis of the output.</summary>
    public int[]? Marks(int axis) => values.Flow.Known(output)![axis];

    /// <summary>The channel of a mark.</summary>
    public int Root(int mark) => values.Flow.UnionFind.Root(mark);

    /// <summary>Finds the constant of each channel of the output.</summary>
    public Dictionary<int, double> Each(Func<int, double?> number)
    {
        var found = new Dictionary<int, double>();
        foreach (int root in roots)
            if (number(root) is { } n && double.IsFinite(n))
                found[root] = n;
        return found;
    }

    /// <summary>
    /// Finds the number of each channel along an axis of the output from the number at each place: where places of one
    /// channel differ it has none.
    /// </summary>
    public Dictionary<int, double> Along(int axis, Func<int, double?> number)
    {
        int[] marks = Marks(axis) ?? [];
        var at = Enumerable.Range(0, marks.Length).ToLookup(i => Root(marks[i]));
        return Each(root => Same(at[root].Select(number)));
    }

    /// <summary>The value that all are; null if they differ, or one is not known.</summary>
    public static double? Same(IEnumerable<double?> numbers)
    {
        double? first = null;
        foreach (double? number in numbers)
        {
            if (number is null || (first is not null && first != number))
                return null;
            first = number;
        }
        return first;
    }
}

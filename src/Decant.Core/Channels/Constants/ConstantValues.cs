namespace Decant.Core.Channels.Constants;

/// <summary>
/// Which channels of which values are constant whatever the input; of a value that is found out when it is asked for.
/// </summary>
internal sealed class ConstantValues
{
    private static readonly Dictionary<int, double> None = [];
    private readonly HashSet<int>? masked;
    private readonly Dictionary<string, Dictionary<int, double>> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> decoded = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Weight, int Axis), ILookup<int, int>> places = [];

    /// <summary>Looks at the channels of a network.</summary>
    /// <param name="flow">Where they lie.</param>
    /// <param name="masked">Channels to look at as if they were masked, and no others; null for all, as they
    /// are.</param>
    public ConstantValues(ChannelFlow flow, HashSet<int>? masked = null)
    {
        (Flow, this.masked) = (flow, masked);
        if (masked is not null)
            return;
        // In the network's order no look-up leads to another.
        foreach (Node node in flow.Network.Nodes)
        foreach (string output in node.Outputs)
            Known(output);
    }

    /// <summary>Where the channels lie.</summary>
    public ChannelFlow Flow { get; }

    /// <summary>The constant that a channel of a value or weight is; null if it is none.</summary>
    public double? Of(string value, int root)
    {
        if (Known(value).TryGetValue(root, out double number))
            return number;
        return Flow.Network.Weights.TryGet(value, out _) ? Number(value, root) : null;
    }

    /// <summary>
    /// The value that a weight has wherever a channel lies along an axis, or along any; of a weight without the
    /// channel, if it is a single element.
    /// </summary>
    public double? Number(string weight, int root, int axis = -1)
    {
        Shape shape = Flow.Network.Weights[weight].Encoding.Shape;
        float[] numbers = Decoded(weight);
        int[] axes =
            axis >= 0 ? [axis] : [.. Enumerable.Range(0, shape.Rank).Where(a => Places(weight, a).Contains(root))];
        if (axes.Length == 0)
            return numbers.Length == 1 ? numbers[0] : null;
        double? found = null;
        foreach (float number in axes.SelectMany(a => Along(numbers, shape, a, Places(weight, a)[root])))
        {
            if (found is { } before && before != number)
                return null;
            found = number;
        }
        return found;
    }

    /// <summary>A weight's elements.</summary>
    public float[] Decoded(string weight)
    {
        if (!decoded.TryGetValue(weight, out float[]? numbers))
            decoded[weight] = numbers = Flow.Network.Weights[weight].Encoding is { Type: ElementType.Float32 } e
                ? Masked(weight, e.Decode())
                : [];
        return numbers;
    }

    private Dictionary<int, double> Known(string value)
    {
        if (known.TryGetValue(value, out Dictionary<int, double>? found))
            return found;
        if (
            value.Length == 0
            || Flow.Network.Graph.Producer(value) is not { } node
            || Flow.Known(value) is not { } layout
        )
            return None;
        int[] roots =
        [
            .. layout
                .SelectMany(marks => marks ?? [])
                .Select(Flow.UnionFind.Root)
                .Distinct()
                .Where(root => masked?.Contains(root) != false),
        ];
        return known[value] =
            roots.Length == 0 ? None : node.Operator.ChannelRule.Constants(new NodeConstants(this, node, value, roots));
    }

    /// <summary>The elements of a weight, those of masked channels as zero.</summary>
    private float[] Masked(string weight, Tensor values)
    {
        if (masked is null || Flow.Known(weight) is not { } layout)
            return values.Array<float>();
        var elements = (float[])values.Array<float>().Clone();
        for (int axis = 0; axis < layout.Length; axis++)
        {
            if (layout[axis] is not { } marks || Flow.Role(weight, axis) == ChannelRole.Companion)
                continue;
            int inner = (int)values.Shape.CountFrom(axis + 1),
                whole = inner * marks.Length;
            for (int k = 0; k < marks.Length; k++)
                if (masked.Contains(Flow.UnionFind.Root(marks[k])))
                    for (int start = k * inner; start < elements.Length; start += whole)
                        elements.AsSpan(start, inner).Clear();
        }
        return elements;
    }

    /// <summary>Where the channels lie along an axis of a weight.</summary>
    private ILookup<int, int> Places(string weight, int axis)
    {
        if (places.TryGetValue((weight, axis), out var found))
            return found;
        int[] marks = Flow.Known(weight)?[axis] ?? [];
        return places[(weight, axis)] = Enumerable.Range(0, marks.Length).ToLookup(i => Flow.UnionFind.Root(marks[i]));
    }

    private static IEnumerable<float> Along(float[] numbers, Shape shape, int axis, IEnumerable<int> at)
    {
        int inner = (int)shape.CountFrom(axis + 1),
            whole = inner * shape[axis];
        foreach (int k in at)
            for (int start = k * inner; start < numbers.Length; start += whole)
            for (int i = 0; i < inner; i++)
                yield return numbers[start + i];
    }
}

using System.Collections.Immutable;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Which channels of which values are one number whatever the input.</summary>
internal sealed class ConstantValues
{
    private static readonly Dictionary<int, double> None = [];
    private readonly Dictionary<string, Dictionary<int, double>> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> decoded = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Weight, int Axis), ILookup<int, int>> places = [];

    public ConstantValues(ChannelFlow flow)
    {
        Flow = flow;
        foreach (Node node in flow.Network.Nodes)
        foreach (string output in node.Outputs)
        {
            if (output.Length == 0 || flow.Known(output) is not { } layout)
                continue;
            int[] roots = [.. layout.SelectMany(marks => marks ?? []).Select(flow.Coupling.Root).Distinct()];
            if (roots.Length > 0)
                known[output] = ConstantRules.Of(new NodeConstants(this, node, output, roots));
        }
    }

    /// <summary>Where the channels lie.</summary>
    public ChannelFlow Flow { get; }

    /// <summary>The number that a channel of a value or weight is; null if it is not one.</summary>
    public double? Of(string value, int root)
    {
        if (known.GetValueOrDefault(value, None).TryGetValue(root, out double number))
            return number;
        return Flow.Network.Weights.TryGet(value, out _) ? Number(value, root) : null;
    }

    /// <summary>
    /// The number that a weight has wherever a channel lies along an axis, or along any; of a weight without the
    /// channel, if it is a single number.
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

    /// <summary>A weight's numbers.</summary>
    public float[] Decoded(string weight)
    {
        if (!decoded.TryGetValue(weight, out float[]? numbers))
            decoded[weight] = numbers = Flow.Network.Weights[weight].Encoding is { Type: ElementType.Float32 } e
                ? e.Decode().Array<float>()
                : [];
        return numbers;
    }

    /// <summary>Where the channels lie along an axis of a weight.</summary>
    private ILookup<int, int> Places(string weight, int axis)
    {
        if (places.TryGetValue((weight, axis), out var found))
            return found;
        int[] marks = Flow.Known(weight)?[axis] ?? [];
        return places[(weight, axis)] = Enumerable.Range(0, marks.Length).ToLookup(i => Flow.Coupling.Root(marks[i]));
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

/// <summary>Functions of one number, for constants.</summary>
internal static class NumberFunctions
{
    private static readonly ImmutableSortedDictionary<string, Func<Operator, double, double>> Functions =
        new Dictionary<string, Func<Operator, double, double>>
        {
            ["Abs"] = (_, x) => Math.Abs(x),
            ["Elu"] = (o, x) => x < 0 ? ((Elu)o).Alpha * (Math.Exp(x) - 1) : x,
            ["Exp"] = (_, x) => Math.Exp(x),
            ["HardSigmoid"] = (o, x) => Math.Clamp(((HardSigmoid)o).Alpha * x + ((HardSigmoid)o).Beta, 0, 1),
            ["HardSwish"] = (_, x) => x * Math.Clamp(x / 6 + 0.5, 0, 1),
            ["LeakyRelu"] = (o, x) => x < 0 ? ((LeakyRelu)o).Alpha * x : x,
            ["Neg"] = (_, x) => -x,
            ["Relu"] = (_, x) => Math.Max(0, x),
            ["Selu"] = (o, x) => ((Selu)o).Gamma * (x > 0 ? x : ((Selu)o).Alpha * (Math.Exp(x) - 1)),
            ["Sigmoid"] = (_, x) => 1 / (1 + Math.Exp(-x)),
            ["Softplus"] = (_, x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
            ["Softsign"] = (_, x) => x / (1 + Math.Abs(x)),
            ["Sqrt"] = (_, x) => Math.Sqrt(x),
            ["Tanh"] = (_, x) => Math.Tanh(x),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The operators that are known.</summary>
    public static IEnumerable<string> Types => Functions.Keys.Append("Clip");

    /// <summary>What a node makes of a number; null if its bounds are not constant.</summary>
    public static double? Of(Node node, double x, Func<int, float[]> weight)
    {
        if (Functions.TryGetValue(node.Operator.Type, out var function))
            return function(node.Operator, x);
        for (int i = 1; i < node.Inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            if (weight(i) is not [var bound])
                return null;
            x = i == 1 ? Math.Max(x, bound) : Math.Min(x, bound);
        }
        return x;
    }
}

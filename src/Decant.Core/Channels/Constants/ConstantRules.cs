using System.Collections.Immutable;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>What operators make of constant channels; of an operator that is not listed nothing is known.</summary>
internal static class ConstantRules
{
    private static readonly ImmutableDictionary<string, Func<NodeConstants, Dictionary<int, double>>> Rules =
        new Dictionary<string, Func<NodeConstants, Dictionary<int, double>>>
        {
            ["Add"] = n => n.Each(r => All(n, r, (a, b) => a + b)),
            ["Sum"] = n => n.Each(r => All(n, r, (a, b) => a + b)),
            ["Sub"] = n => n.Each(r => All(n, r, (a, b) => a - b)),
            ["Div"] = n => n.Each(r => All(n, r, (a, b) => a / b)),
            ["Max"] = n => n.Each(r => All(n, r, Math.Max)),
            ["Min"] = n => n.Each(r => All(n, r, Math.Min)),
            ["Mul"] = n => n.Each(r => n.Of(0, r) == 0 || n.Of(1, r) == 0 ? 0 : All(n, r, (a, b) => a * b)),
            ["PRelu"] = n => n.Each(r => n.Of(0, r) is >= 0 and var x ? x : All(n, r, (a, slope) => a * slope)),
            ["Conv"] = LinearConstants.Conv,
            ["ConvTranspose"] = LinearConstants.ConvTranspose,
            ["Gemm"] = LinearConstants.Gemm,
            ["MatMul"] = LinearConstants.MatMul,
            ["BatchNormalization"] = NormConstants.Batch,
            ["InstanceNormalization"] = NormConstants.Instance,
            ["Concat"] = Concat,
            ["Pad"] = Pad,
            ["AveragePool"] = AveragePool,
            ["RNN"] = RecurrentConstants.Of,
            ["GRU"] = RecurrentConstants.Of,
            ["LSTM"] = RecurrentConstants.Of,
            ["Dropout"] = n => n.Has(2) ? [] : Pass(n),
        }
            .AddAll(
                Pass,
                "Flatten",
                "Gather",
                "GlobalAveragePool",
                "GlobalMaxPool",
                "Identity",
                "MaxPool",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "Reshape",
                "Slice",
                "Split",
                "Squeeze",
                "Transpose",
                "Unsqueeze"
            )
            .AddAll(
                n => n.Each(r => n.Of(0, r) is { } x ? NumberFunctions.Of(n.Node, x, n.Weight) : null),
                [.. NumberFunctions.Types]
            )
            .ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The channels of a node's output that are one number.</summary>
    public static Dictionary<int, double> Of(NodeConstants node) =>
        Rules.TryGetValue(node.Node.Operator.Type, out var rule) ? rule(node) : [];

    private static Dictionary<int, double> Pass(NodeConstants n) => n.Each(r => n.Of(0, r));

    private static double? All(NodeConstants n, int root, Func<double, double, double> join)
    {
        double? all = n.Of(0, root);
        for (int i = 1; i < n.Node.Inputs.Length; i++)
            all = all is { } a && n.Of(i, root) is { } b ? join(a, b) : null;
        return all;
    }

    private static Dictionary<int, double> Concat(NodeConstants n) =>
        n.Each(r =>
            NodeConstants.Same(
                Enumerable.Range(0, n.Node.Inputs.Length).Where(i => n.Has(i, r)).Select(i => n.Of(i, r))
            )
        );

    /// <summary>
    /// Channels that are put around others are what is padded with; a channel that is itself padded must be that
    /// already.
    /// </summary>
    private static Dictionary<int, double> Pad(NodeConstants n)
    {
        if (n.Node.Operator.Attributes.Text("mode", "constant") != "constant")
            return [];
        double? value = n.Has(2)
            ? n.Weight(2) is [var v]
                ? v
                : null
            : 0;
        return n.Each(r =>
            n.Has(0, r)
                ? n.Of(0, r) == value
                    ? value
                    : null
                : value
        );
    }

    private static Dictionary<int, double> AveragePool(NodeConstants n) =>
        n.Each(r =>
            n.Of(0, r) is { } x
            && (x == 0 || !LinearConstants.HasPadding(n.Node.Operator, n.Node.Operator.Attributes.Ints("kernel_shape")))
                ? x
                : null
        );

    private static Dictionary<string, Func<NodeConstants, Dictionary<int, double>>> AddAll(
        this Dictionary<string, Func<NodeConstants, Dictionary<int, double>>> rules,
        Func<NodeConstants, Dictionary<int, double>> rule,
        params ReadOnlySpan<string> types
    )
    {
        foreach (string type in types)
            rules.Add(type, rule);
        return rules;
    }
}

/// <summary>Normalizations of constant channels.</summary>
internal static class NormConstants
{
    /// <summary>A channel that is scaled by zero is its bias, whatever it was.</summary>
    public static Dictionary<int, double> Batch(NodeConstants n)
    {
        float[] scale = n.Weight(1),
            bias = n.Weight(2),
            mean = n.Weight(3),
            variance = n.Weight(4);
        if (scale.Length * bias.Length * mean.Length * variance.Length == 0)
            return [];
        double epsilon = ((BatchNormalization)n.Node.Operator).Epsilon;
        return n.Along(1, i => scale[i] == 0 ? bias[i]
            : n.Of(0, n.Root(n.Marks(1)![i])) is { } x
                ? (x - mean[i]) / Math.Sqrt(variance[i] + epsilon) * scale[i] + bias[i]
            : null);
    }

    /// <summary>A constant is its own mean: its bias is left.</summary>
    public static Dictionary<int, double> Instance(NodeConstants n)
    {
        float[] scale = n.Weight(1),
            bias = n.Weight(2);
        if (scale.Length * bias.Length == 0)
            return [];
        return n.Along(1, i => scale[i] == 0 || n.Of(0, n.Root(n.Marks(1)![i])) is not null ? bias[i] : null);
    }
}

/// <summary>Recurrent cells: a unit whose weights and biases are all zero stays at zero, where it starts.</summary>
internal static class RecurrentConstants
{
    public static Dictionary<int, double> Of(NodeConstants n)
    {
        // Of the usual activations, those that make the state take zero to zero.
        if (n.Node.Operator.Attributes.Has("activations") || n.Has(5) || n.Has(6))
            return [];
        return n.Each(root => new[] { 1, 2, 3 }.All(i => !n.Has(i) || IsZero(n, i, root)) ? 0 : null);
    }

    private static bool IsZero(NodeConstants n, int input, int root)
    {
        float[] numbers = n.Weight(input);
        int[] rows = n.Marks(input, 1)!;
        int inner = (int)n.Shape(input).CountFrom(2);
        return numbers.Length > 0
            && !numbers.Where((w, i) => w != 0 && n.Root(rows[i / inner % rows.Length]) == root).Any();
    }
}

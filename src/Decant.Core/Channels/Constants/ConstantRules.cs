using System.Collections.Immutable;

namespace Decant.Core.Channels.Constants;

/// <summary>What operators make of constant channels; of an operator that is not listed nothing is known.</summary>
internal static class ConstantRules
{
    private static readonly ImmutableDictionary<string, Func<NodeConstants, Dictionary<int, double>>> Rules = new Dictionary<string, Func<NodeConstants, Dictionary<int, double>>>
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
    .AddAll(Pass, "Flatten", "Gather", "GlobalAveragePool", "GlobalMaxPool", "Identity", "MaxPool", "ReduceMax", "ReduceMean", "ReduceMin", "Reshape", "Slice",
        "Split", "Squeeze", "Transpose", "Unsqueeze")
    .AddAll(n => n.Each(r => n.Of(0, r) is { } x ? NumberFunctions.Of(n.Node, x, n.Weight) : null), [.. NumberFunctions.Types])
    .ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The channels of a node's output that are one number.</summary>
    public static Dictionary<int, double> Of(NodeConstants node) => Rules.TryGetValue(node.Node.Operator.Type, out var rule) ? rule(node) : [];

    private static Dictionary<int, double> Pass(NodeConstants n) => n.Each(r => n.Of(0, r));

    private static double? All(NodeConstants n, int root, Func<double, double, double> join)
    {
        double? all = n.Of(0, root);
        for (int i = 1; i < n.Node.Inputs.Length; i++) all = all is { } a && n.Of(i, root) is { } b ? join(a, b) : null;
        return all;
    }

    private static Dictionary<int, double> Concat(NodeConstants n) => n.Each(r =>
        NodeConstants.Same(Enumerable.Range(0, n.Node.Inputs.Length).Where(i => n.Has(i, r)).Select(i => n.Of(i, r))));

    /// <summary>Channels that are put around others are what is padded with; a channel that is itself padded must be that already.</summary>
    private static Dictionary<int, double> Pad(NodeConstants n)
    {
        if (n.Node.Operator.Attributes.Text("mode", "constant") != "constant") return [];
        double? value = n.Has(2) ? n.Weight(2) is [var v] ? v : null : 0;
        return n.Each(r => n.Has(0, r) ? n.Of(0, r) == value ? value : null : value);
    }

    private static Dictionary<int, double> AveragePool(NodeConstants n) => n.Each(r =>
        n.Of(0, r) is { } x && (x == 0 || !LinearConstants.HasPadding(n.Node.Operator, n.Node.Operator.Attributes.Ints("kernel_shape"))) ? x : null);

    private static Dictionary<string, Func<NodeConstants, Dictionary<int, double>>> AddAll(this Dictionary<string, Func<NodeConstants, Dictionary<int, double>>> rules,
        Func<NodeConstants, Dictionary<int, double>> rule, params ReadOnlySpan<string> types)
    {
        foreach (string type in types) rules.Add(type, rule);
        return rules;
    }
}

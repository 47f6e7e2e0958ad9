using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Upgrades;

/// <summary>
/// Which operators changed their form at which opset, and how a node of the form before is brought to the form from
/// then on. A node passes through all rewrites of its operator whose version is above the model's opset. To support
/// another operator, add its lines.
/// </summary>
internal static class OperatorUpgrades
{
    /// <summary>Rewrites a node into one or more, each after those whose outputs it reads.</summary>
    public delegate IEnumerable<GraphNode> Rewrite(GraphNode node, UpgradeContext context);

    private static readonly FrozenDictionary<string, (int Version, Rewrite Rewrite)[]> Table = Lines()
        .GroupBy(l => l.Type, StringComparer.Ordinal)
        .ToFrozenDictionary(
            g => g.Key,
            g => g.OrderBy(l => l.Version).Select(l => (l.Version, l.Rewrite)).ToArray(),
            StringComparer.Ordinal
        );

    /// <summary>Brings a node of an opset to the canonical form.</summary>
    public static IEnumerable<GraphNode> Apply(GraphNode node, long opset, UpgradeContext context)
    {
        // Before opset 6 it said which inputs a node may overwrite.
        IEnumerable<GraphNode> nodes = [opset < 6 ? node = node.Without("consumed_inputs") : node];
        if (!Table.TryGetValue(node.Type, out var rewrites))
            return nodes;
        foreach (var (version, rewrite) in rewrites)
            if (version > opset)
                nodes = [.. nodes.SelectMany(n => n.Type == node.Type ? rewrite(n, context) : [n])];
        return nodes;
    }

    private static IEnumerable<(string Type, int Version, Rewrite Rewrite)> Lines()
    {
        foreach (
            string type in (string[])["Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"]
        )
            yield return (type, 7, LegacyOperators.Broadcast);
        yield return ("BatchNormalization", 9, LegacyOperators.BatchNormalization);
        yield return ("BatchNormalization", 14, LegacyOperators.BatchNormalizationOutputs);
        yield return ("Cast", 6, LegacyOperators.CastByName);
        yield return ("Clip", 11, AttributesToInputs.Clip);
        yield return ("Concat", 4, (n, _) =>
            [n.Attributes.Has("axis") ? n : n with { Attributes = n.Attributes.With("axis", 1L) }]
        );
        yield return ("DFT", 20, (n, _) =>
            [n.Attributes.Has("axis") ? n : n with { Attributes = n.Attributes.With("axis", 1L) }]
        );
        yield return ("Dropout", 7, (n, _) => [n.Without("is_test")]);
        yield return ("Dropout", 12, AttributesToInputs.Dropout);
        yield return ("Gemm", 7, (n, _) => [n.Without("broadcast")]);
        foreach (string type in (string[])["GRU", "LSTM", "RNN"])
            yield return (type, 7, (n, _) => [n.Without("output_sequence")]);
        yield return ("GroupNormalization", 21, LegacyOperators.GroupNormalization);
        yield return ("Hardmax", 13, LegacyOperators.FlattenedSoftmax);
        yield return ("LogSoftmax", 13, LegacyOperators.FlattenedSoftmax);
        yield return ("Pad", 2, (n, _) =>
            [
                n.Without("paddings") with
                {
                    Attributes = n.Without("paddings").Attributes.With("pads", n.Attributes.Ints("paddings")),
                },
            ]
        );
        yield return ("Pad", 11, AttributesToInputs.Pad);
        yield return ("PRelu", 7, LegacyOperators.SlopePerChannel);
        yield return ("ReduceSum", 13, AttributesToInputs.Axes);
        foreach (
            string type in (string[])["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"]
        )
            yield return ($"Reduce{type}", 18, AttributesToInputs.Axes);
        yield return ("Reshape", 5, AttributesToInputs.Reshape);
        yield return ("Resize", 11, LegacyOperators.Resize);
        yield return ("RoiAlign", 16, (n, _) =>
            [n with { Attributes = n.Attributes.With("coordinate_transformation_mode", "output_half_pixel") }]
        );
        yield return ("Scatter", 11, (n, _) => [n with { Type = "ScatterElements" }]);
        yield return ("Slice", 10, AttributesToInputs.Slice);
        yield return ("Softmax", 13, LegacyOperators.FlattenedSoftmax);
        yield return ("Split", 13, AttributesToInputs.Split);
        yield return ("Split", 18, LegacyOperators.SplitCount);
        yield return ("Squeeze", 13, AttributesToInputs.Axes);
        yield return ("TopK", 10, AttributesToInputs.TopK);
        yield return ("Unsqueeze", 13, AttributesToInputs.Axes);
        yield return ("Upsample", 9, AttributesToInputs.Upsample);
        yield return ("Upsample", 10, LegacyOperators.Resize);
    }
}

/// <summary>What a rewrite to a later opset may ask and make.</summary>
/// <param name="Values">What is known of the graph's values.</param>
internal sealed record UpgradeContext(Values Values)
{
    /// <summary>The extents of a value; null if not known.</summary>
    public Term[]? Extents(string name) => Values.Extents(name);

    /// <summary>Makes a weight of integers for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight(GraphNode node, string parameter, IEnumerable<long> values) =>
        Values.AddUnique($"{node.Name}.{parameter}", Tensor.Vector([.. values]));

    /// <summary>Makes a weight of one number for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight<T>(GraphNode node, string parameter, T value)
        where T : unmanaged => Values.AddUnique($"{node.Name}.{parameter}", Tensor.Scalar(value));

    /// <summary>Makes a weight for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight(GraphNode node, string parameter, Tensor values) =>
        Values.AddUnique($"{node.Name}.{parameter}", values);
}

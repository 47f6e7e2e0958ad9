using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Upgrades;

/// <summary>Rewrites for operators whose parameters were attributes once and became inputs.</summary>
internal static class AttributesToInputs
{
    /// <summary>axes of Squeeze, Unsqueeze and the reductions.</summary>
    public static IEnumerable<GraphNode> Axes(GraphNode node, UpgradeContext context) =>
        [node.Attributes.Has("axes") ? node.WithInput(1, Ints(node, context, "axes")).Without("axes") : node];

    /// <summary>min and max of Clip.</summary>
    public static IEnumerable<GraphNode> Clip(GraphNode node, UpgradeContext context)
    {
        GraphNode result = node.Without("min", "max");
        if (node.Attributes.Has("min"))
            result = result.WithInput(1, context.Weight(node, "min", node.Attributes.Float("min", 0)));
        if (node.Attributes.Has("max"))
            result = result.WithInput(2, context.Weight(node, "max", node.Attributes.Float("max", 0)));
        return [result];
    }

    /// <summary>ratio of Dropout.</summary>
    public static IEnumerable<GraphNode> Dropout(GraphNode node, UpgradeContext context) =>
        [
            node.Attributes.Has("ratio")
                ? node.WithInput(1, context.Weight(node, "ratio", node.Attributes.Float("ratio", 0.5f)))
                    .Without("ratio")
                : node,
        ];

    /// <summary>pads and value of Pad.</summary>
    public static IEnumerable<GraphNode> Pad(GraphNode node, UpgradeContext context)
    {
        GraphNode result = node.WithInput(1, Ints(node, context, "pads"));
        if (node.Attributes.Has("value"))
            result = result.WithInput(2, context.Weight(node, "value", node.Attributes.Float("value", 0)));
        return [result.Without("pads", "value")];
    }

    /// <summary>shape of Reshape.</summary>
    public static IEnumerable<GraphNode> Reshape(GraphNode node, UpgradeContext context) =>
        [node.WithInput(1, Ints(node, context, "shape")).Without("shape")];

    /// <summary>starts, ends and axes of Slice.</summary>
    public static IEnumerable<GraphNode> Slice(GraphNode node, UpgradeContext context)
    {
        GraphNode result = node.WithInput(1, Ints(node, context, "starts")).WithInput(2, Ints(node, context, "ends"));
        if (node.Attributes.Has("axes"))
            result = result.WithInput(3, Ints(node, context, "axes"));
        return [result.Without("starts", "ends", "axes")];
    }

    /// <summary>split of Split.</summary>
    public static IEnumerable<GraphNode> Split(GraphNode node, UpgradeContext context) =>
        [node.Attributes.Has("split") ? node.WithInput(1, Ints(node, context, "split")).Without("split") : node];

    /// <summary>k of TopK.</summary>
    public static IEnumerable<GraphNode> TopK(GraphNode node, UpgradeContext context) =>
        [node.WithInput(1, context.Weight(node, "k", [node.Attributes.Int("k")])).Without("k")];

    /// <summary>scales of Upsample.</summary>
    public static IEnumerable<GraphNode> Upsample(GraphNode node, UpgradeContext context) =>
        [
            node.WithInput(1, context.Weight(node, "scales", Tensor.Vector([.. node.Attributes.Floats("scales")])))
                .Without("scales"),
        ];

    private static string Ints(GraphNode node, UpgradeContext context, string attribute) =>
        node.Attributes.Has(attribute)
            ? context.Weight(node, attribute, node.Attributes.Ints(attribute))
            : throw new ModelException($"attribute '{attribute}' is missing");
}

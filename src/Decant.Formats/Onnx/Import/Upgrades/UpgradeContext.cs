using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Upgrades;

/// <summary>What a rewrite to a later opset may ask and make.</summary>
/// <param name="Values">What is known of the graph's values.</param>
internal sealed record UpgradeContext(Values Values)
{
    /// <summary>The extents of a value; null if not known.</summary>
    public Term[]? Extents(string name) => Values.Extents(name);

    /// <summary>Makes a weight of integers for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight(GraphNode node, string parameter, IEnumerable<long> values) =>
        Values.AddFresh($"{node.Name}.{parameter}", Tensor.Vector([.. values]));

    /// <summary>Makes a weight of one number for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight<T>(GraphNode node, string parameter, T value) where T : unmanaged =>
        Values.AddFresh($"{node.Name}.{parameter}", Tensor.Scalar(value));

    /// <summary>Makes a weight for a node's parameter.</summary>
    /// <returns>The weight's name.</returns>
    public string Weight(GraphNode node, string parameter, Tensor values) => Values.AddFresh($"{node.Name}.{parameter}", values);
}

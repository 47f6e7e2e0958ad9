using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Puts QuantizeLinear and DequantizeLinear behind values. A grid of fewer than 8 bits is one of 8 whose values are clipped before, so
/// that every reader of QDQ networks takes it.
/// </summary>
internal static class QdqInsertion
{
    /// <summary>The network with one value on a grid: all that read it read what the grid makes of it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">An input, or what a node makes.</param>
    /// <param name="grid">Its grid, of 8 bits or fewer.</param>
    /// <exception cref="ModelException">Names that the new nodes need are taken.</exception>
    public static Network Add(Network network, string value, LinearGrid grid)
    {
        (string scale, string zero, string low, string high) = ($"{value}.scale", $"{value}.zero", $"{value}.low", $"{value}.high");
        bool signed = grid.Least < 0, clips = !signed ? grid.Greatest < byte.MaxValue : grid.Greatest < sbyte.MaxValue;
        var weights = new List<Weight> { new(scale, Tensor.Scalar(grid.Scale)), new(zero, signed ? Tensor.Scalar((sbyte)grid.Zero) : Tensor.Scalar((byte)grid.Zero)) };
        var nodes = new List<Node>();
        string from = value;
        if (clips)
        {
            weights.AddRange([new(low, Tensor.Scalar(grid.Value(grid.Least))), new(high, Tensor.Scalar(grid.Value(grid.Greatest)))]);
            nodes.Add(new Node($"{value}.clip", new Clip(Attributes.None), [value, low, high], [from = $"{value}.clipped"]));
        }
        nodes.Add(new Node($"{value}.quantize", new QuantizeLinear(Attributes.None), [from, scale, zero], [$"{value}.codes"]));
        nodes.Add(new Node($"{value}.dequantize", new DequantizeLinear(Attributes.None), [$"{value}.codes", scale, zero], [$"{value}.quantized"]));
        Node? first = network.Inputs.Any(i => i.Name == value) ? network.Nodes[0] : null;
        return network.Rebuilt(n => [.. n == first ? nodes : [], n with { Inputs = [.. n.Inputs.Select(i => i == value ? $"{value}.quantized" : i)] }, .. n.Outputs.Contains(value) ? nodes : []], weights);
    }
}

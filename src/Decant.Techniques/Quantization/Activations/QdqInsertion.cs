using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Puts QuantizeLinear and DequantizeLinear behind values. A grid of fewer than 8 bits is one of 8 whose values are
/// clipped before, so that every reader of QDQ networks takes it.
/// </summary>
internal static class QdqInsertion
{
    /// <summary>The network with one value on a grid. A value may have several, with readers of their own.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">An input, or what a node makes.</param>
    /// <param name="grid">Its grid, of 8 bits or fewer.</param>
    /// <param name="reads">Which nodes that read the value read what the grid makes of it.</param>
    /// <exception cref="ModelException">Names that the new nodes need are taken.</exception>
    public static Network Add(Network network, string value, LinearGrid grid, Func<Node, bool> reads)
    {
        string at = Enumerable
            .Range(2, network.Nodes.Length)
            .Select(i => $"{value}.{i}")
            .Prepend(value)
            .First(name => !IsTaken(network, name));
        (string scale, string zero, string low, string high) = ($"{at}.scale", $"{at}.zero", $"{at}.low", $"{at}.high");
        bool signed = grid.Least < 0,
            clips = !signed ? grid.Greatest < byte.MaxValue : grid.Greatest < sbyte.MaxValue;
        var weights = new List<Weight>
        {
            new(scale, Tensor.Scalar(grid.Scale)),
            new(zero, signed ? Tensor.Scalar((sbyte)grid.Zero) : Tensor.Scalar((byte)grid.Zero)),
        };
        var nodes = new List<Node>();
        string from = value;
        if (clips)
        {
            weights.AddRange([
                new(low, Tensor.Scalar(grid.Value(grid.Least))),
                new(high, Tensor.Scalar(grid.Value(grid.Greatest))),
            ]);
            nodes.Add(new Node($"{at}.clip", new Clip(Attributes.None), [value, low, high], [from = $"{at}.clipped"]));
        }
        nodes.Add(
            new Node($"{at}.quantize", new QuantizeLinear(Attributes.None), [from, scale, zero], [$"{at}.codes"])
        );
        nodes.Add(
            new Node(
                $"{at}.dequantize",
                new DequantizeLinear(Attributes.None),
                [$"{at}.codes", scale, zero],
                [$"{at}.quantized"]
            )
        );
        Node? first = network.Inputs.Any(i => i.Name == value) ? network.Nodes[0] : null;
        return network.Rebuilt(
            n =>
                [
                    .. n == first ? nodes : [],
                    n with
                    {
                        Inputs = [.. n.Inputs.Select(i => i == value && reads(n) ? $"{at}.quantized" : i)],
                    },
                    .. n.Outputs.Contains(value) ? nodes : [],
                ],
            weights
        );
    }

    private static bool IsTaken(Network network, string at) =>
        network.Weights.TryGet($"{at}.scale", out _) || network.Nodes.Any(n => n.Outputs.Contains($"{at}.quantized"));
}

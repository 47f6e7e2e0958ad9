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
    public static Network Add(Network network, string value, LinearGrid grid, Func<Node, bool> reads)
    {
        var rewriter = new NetworkRewriter(network);
        List<Node> nodes = [];
        string from = value;
        if (grid.Greatest < (grid.Least < 0 ? sbyte.MaxValue : byte.MaxValue))
        {
            nodes.Add(Clip(rewriter, value, grid));
            from = nodes[0].Outputs[0];
        }
        nodes.AddRange(Quantizer(rewriter, value, from, grid));
        return Inserted(network, rewriter, value, nodes, reads);
    }

    /// <summary>The network with one value on a grid of 8 bits over the range that the value has in each run.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">An input, or what a node makes.</param>
    /// <param name="reads">Which nodes that read the value read what the grid makes of it.</param>
    public static Network AddDynamic(Network network, string value, Func<Node, bool> reads)
    {
        var rewriter = new NetworkRewriter(network);
        string[] grid =
        [
            rewriter.UniqueName(value, ".codes"),
            rewriter.UniqueName(value, ".scale"),
            rewriter.UniqueName(value, ".zero"),
        ];
        Node[] nodes =
        [
            new(
                rewriter.UniqueName(value, ".quantize"),
                new DynamicQuantizeLinear(Attributes.None),
                [value],
                [.. grid]
            ),
            new(
                rewriter.UniqueName(value, ".dequantize"),
                new DequantizeLinear(Attributes.None),
                [.. grid],
                [rewriter.UniqueName(value, ".quantized")]
            ),
        ];
        return Inserted(network, rewriter, value, nodes, reads);
    }

    private static Network Inserted(
        Network network,
        NetworkRewriter rewriter,
        string value,
        IReadOnlyList<Node> nodes,
        Func<Node, bool> reads
    )
    {
        rewriter.Redirect(value, nodes[^1].Outputs[0], reads);
        if (network.Graph.TryGetProducer(value, out Node? producer))
            rewriter.InsertAfter(producer, nodes);
        else
            rewriter.InsertFirst(nodes);
        return rewriter.ToNetwork();
    }

    private static Node Clip(NetworkRewriter rewriter, string value, LinearGrid grid)
    {
        string low = rewriter.AddWeight(value, Tensor.Scalar(grid.Value(grid.Least)), ".low"),
            high = rewriter.AddWeight(value, Tensor.Scalar(grid.Value(grid.Greatest)), ".high");
        return new Node(
            rewriter.UniqueName(value, ".clip"),
            new Clip(Attributes.None),
            [value, low, high],
            [rewriter.UniqueName(value, ".clipped")]
        );
    }

    private static Node[] Quantizer(NetworkRewriter rewriter, string value, string from, LinearGrid grid)
    {
        Tensor zeroPoint = grid.Least < 0 ? Tensor.Scalar((sbyte)grid.Zero) : Tensor.Scalar((byte)grid.Zero);
        string scale = rewriter.AddWeight(value, Tensor.Scalar(grid.Scale), ".scale"),
            zero = rewriter.AddWeight(value, zeroPoint, ".zero"),
            codes = rewriter.UniqueName(value, ".codes");
        return
        [
            new Node(
                rewriter.UniqueName(value, ".quantize"),
                new QuantizeLinear(Attributes.None),
                [from, scale, zero],
                [codes]
            ),
            new Node(
                rewriter.UniqueName(value, ".dequantize"),
                new DequantizeLinear(Attributes.None),
                [codes, scale, zero],
                [rewriter.UniqueName(value, ".quantized")]
            ),
        ];
    }
}

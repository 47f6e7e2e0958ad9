using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Speed;

/// <summary>
/// What a compressed network's speed is held against: the same network as if nothing were compressed.
/// </summary>
public static class DenseFloats
{
    /// <summary>Whether anything of a network is compressed: a weight, or an activation that is quantized.</summary>
    public static bool Differ(Network network) =>
        network.Weights.Any(w => w.Encoding is not DenseEncoding) || Quantizers(network).Any();

    /// <summary>The network with every weight decoded, and without what only quantizes activations.</summary>
    public static Network Of(Network network)
    {
        var rewriter = new NetworkRewriter(network);
        foreach (Weight weight in network.Weights)
            if (weight.Encoding is not DenseEncoding)
                rewriter.SetWeight(weight.Name, new DenseEncoding(weight.Encoding.Decode()));
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Node back in Quantizers(network))
        {
            string from = network.Graph.Producer(back.Inputs[0])!.Inputs[0];
            sources[back.Outputs[0]] = from = sources.GetValueOrDefault(from, from);
            rewriter.Redirect(back.Outputs[0], from);
        }
        return WithoutUnread(rewriter.ToNetwork());
    }

    /// <summary>The nodes that turn codes of activations back into numbers for other nodes.</summary>
    private static IEnumerable<Node> Quantizers(Network network) =>
        network.Nodes.Where(n =>
            n.Operator is DequantizeLinear
            && network.Graph.TryGetProducer(n.Inputs[0], out Node? codes)
            && codes.Operator is QuantizeLinear
            && !network.Graph.IsOutput(n.Outputs[0])
        );

    private static Network WithoutUnread(Network network)
    {
        for (; ; )
        {
            Node[] unread =
            [
                .. network.Nodes.Where(n =>
                    n.Operator is LinearQuantizer
                    && n.Outputs.All(o => network.Graph.Uses(o) == 0 && !network.Graph.IsOutput(o))
                ),
            ];
            if (unread.Length == 0)
                return network;
            var rewriter = new NetworkRewriter(network);
            foreach (Node node in unread)
                rewriter.Remove(node);
            network = rewriter.ToNetwork();
        }
    }
}

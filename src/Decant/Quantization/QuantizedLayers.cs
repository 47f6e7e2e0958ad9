using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>
/// The layers of a quantized network beside those of the network that it was made of, so that each can be quantized
/// alone, or given back what it was.
/// </summary>
internal sealed class QuantizedLayers
{
    private readonly Network whole,
        quantized;

    /// <summary>
    /// Finds the layers whose weight is linear in one network and is there in the other, nodes that look up in a table
    /// among them.
    /// </summary>
    /// <param name="whole">The network right before values were rounded.</param>
    /// <param name="quantized">The network after.</param>
    public QuantizedLayers(Network whole, Network quantized)
    {
        (this.whole, this.quantized) = (whole, quantized);
        All = [.. quantized.Nodes.Where(IsQuantized)];
    }

    /// <summary>The layers, as the quantized network has them, in its order.</summary>
    public IReadOnlyList<Node> All { get; }

    /// <summary>What a layer computes: its first output that has a name.</summary>
    public static string OutputOf(Node layer) => layer.Outputs.First(o => o.Length > 0);

    /// <summary>The names of a layer's quantized weights: recurrent layers have several.</summary>
    public IReadOnlyList<string> WeightsOf(Node layer) => [.. LinearInputs(layer).Select(i => layer.Inputs[i])];

    /// <summary>
    /// The network before, with one layer quantized: its weights, the bias that makes up for them, and the values that
    /// it reads.
    /// </summary>
    public Network Alone(Node layer)
    {
        var rewriter = new NetworkRewriter(whole);
        Node node = whole.Graph.Producer(OutputOf(layer))!;
        string[] inputs = [.. node.Inputs, .. layer.Inputs[node.Inputs.Length..].Select(Added)];
        Node[] grid = GridOf(layer);
        for (int i = 0; i < node.Inputs.Length; i++)
            if (inputs[i].Length > 0 && quantized.Weights.TryGet(layer.Inputs[i], out Weight? changed))
                inputs[i] = rewriter.SetInput(node, i, inputs[i], changed.Encoding);
        Node[] before = grid.Length == 0 ? [] : [.. Copied(rewriter, grid, inputs[0])];
        if (before.Length > 0)
            inputs[0] = before[^1].Outputs[0];
        rewriter.Replace(node, [.. before, node with { Inputs = [.. inputs] }]);
        return rewriter.ToNetwork();

        // Where a layer had no bias, rounding gave it one.
        string Added(string bias) => rewriter.AddWeight(bias, quantized.Weights[bias].Encoding);
    }

    /// <summary>
    /// The quantized network, with some of its layers as they were: their weights, biases, and what they read. Grids
    /// that then lead to no quantized layer go.
    /// </summary>
    public Network Restored(IEnumerable<Node> layers)
    {
        var rewriter = new NetworkRewriter(quantized);
        foreach (Node layer in layers)
        {
            Node was = whole.Graph.Producer(OutputOf(layer))!;
            string[] inputs = [.. layer.Inputs[..was.Inputs.Length]];
            if (GridOf(layer) is [{ } first, ..])
                inputs[0] = first.Inputs[0];
            for (int i = 0; i < inputs.Length; i++)
                if (inputs[i].Length > 0 && whole.Weights.TryGet(was.Inputs[i], out Weight? former))
                    inputs[i] = rewriter.SetInput(layer, i, inputs[i], former.Encoding);
            rewriter.Replace(layer, layer with { Inputs = [.. inputs] });
        }
        return UnusedGrids.RemovedFrom(rewriter.ToNetwork());
    }

    private bool IsQuantized(Node node) =>
        LinearInputs(node).Any()
        && whole.Graph.Producer(OutputOf(node)) is { } was
        && was.Inputs.Length <= node.Inputs.Length;

    /// <summary>Which inputs of a layer are weights that are linear after, and were there before.</summary>
    private IEnumerable<int> LinearInputs(Node node)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
            if (
                quantized.Weights.TryGet(node.Inputs[i], out Weight? w)
                && w.Encoding is LinearEncoding
                && (i > 0 && node.Operator is (LinearOperator or RecurrentOperator) || IsTable(node, i, w))
                && whole.Weights.TryGet(w.Name, out _)
            )
                yield return i;
    }

    private static bool IsTable(Node node, int input, Weight weight) =>
        node.Operator.LookupAxis(input, weight.Encoding.Shape) is not null;

    /// <summary>The nodes that bring what a layer reads to a grid, in their order; none if it reads floats.</summary>
    private Node[] GridOf(Node layer)
    {
        if (
            quantized.Graph.Producer(layer.Inputs[0]) is not { Operator: DequantizeLinear } dequantize
            || UnusedGrids.QuantizerOf(quantized, dequantize) is not { } quantize
        )
            return [];
        bool isClipped =
            quantized.Graph.Producer(quantize.Inputs[0]) is { Operator: Clip } clip
            && !whole.Graph.TryGetProducer(clip.Outputs[0], out _);
        return isClipped
            ? [quantized.Graph.Producer(quantize.Inputs[0])!, quantize, dequantize]
            : [quantize, dequantize];
    }

    private IEnumerable<Node> Copied(NetworkRewriter rewriter, Node[] grid, string from)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Node node in grid)
        {
            string[] inputs = [from, .. node.Inputs.Skip(1).Select(Copy)];
            foreach (string output in node.Outputs)
                made[output] = rewriter.UniqueName(output);
            from = made[node.Outputs[0]];
            yield return new Node(
                rewriter.UniqueName(node.Name),
                node.Operator,
                [.. inputs],
                [.. node.Outputs.Select(o => made[o])]
            );
        }

        // A grid's scale and zero point are weights, or what a quantizer of the same grid made.
        string Copy(string value) =>
            made.TryGetValue(value, out string? own)
                ? own
                : rewriter.AddWeight(value, quantized.Weights[value].Encoding);
    }
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Layers that files of older opsets spell out in simpler operators: LayerNormalization and Gelu become the operators
/// that later opsets have for them.
/// </summary>
internal sealed class SpelledOut
{
    private const double Tolerance = 1e-6;

    private readonly Network network;
    private readonly NetworkRewriter rewriter;

    private SpelledOut(Network network) => (this.network, rewriter) = (network, new NetworkRewriter(network));

    /// <summary>The network with one operator in place of each such layer.</summary>
    public static Network Joined(Network network)
    {
        if (!network.Nodes.Any(n => n.Operator is Erf or ReduceMean))
            return network;
        var layers = new SpelledOut(network);
        foreach (Node node in network.Nodes)
            if (node.Operator is Div)
                layers.JoinNormalization(node);
            else if (node.Operator is Erf)
                layers.JoinGelu(node);
        return layers.rewriter.ToNetwork();
    }

    /// <summary>
    /// (x − E[x]) / √(E[(x − E[x])²] + ε), then times a scale and plus a bias, along the last axes.
    /// </summary>
    private void JoinNormalization(Node division)
    {
        if (
            Producer<Sub>(division.Inputs[0]) is not { } centred
            || Producer<Sqrt>(Only(division.Inputs[1])) is not { } root
            || Producer<Add>(Only(root.Inputs[0])) is not { } damped
            || Constant(damped) is not (var variance, { Count: 1, Type: ElementType.Float32 } epsilon)
            || Producer<ReduceMean>(Only(variance)) is not { } second
            || Producer(Only(second.Inputs[0])) is not { } square
            || !IsSquareOf(square, centred.Outputs[0])
            || Producer<ReduceMean>(Only(centred.Inputs[1])) is not { } first
            || first.Inputs[0] != centred.Inputs[0]
        )
            return;
        int uses = square.Operator is Pow ? 2 : 3;
        if (
            network.Graph.Uses(centred.Outputs[0]) != uses
            || network.Graph.IsOutput(centred.Outputs[0])
            || LastAxes(first) is not { } axes
            || LastAxes(second) != axes
            || Next<Mul>(division) is not { } scaled
            || Constant(scaled) is not (_, { } scale)
            || scale.Shape.Rank != axes
        )
            return;
        Node last = scaled;
        string bias = "";
        if (Next<Add>(scaled) is { } shifted && Constant(shifted) is (_, { } b) && b.Shape == scale.Shape)
            (last, bias) = (shifted, ConstantName(shifted));
        foreach (Node gone in new[] { first, centred, square, second, damped, root, division, scaled })
            if (gone != last)
                rewriter.Remove(gone);
        string[] inputs =
        [
            centred.Inputs[0],
            ConstantName(scaled),
            .. bias.Length > 0 ? [bias] : Array.Empty<string>(),
        ];
        rewriter.Replace(
            last,
            new Node(
                last.Name,
                new LayerNormalization(new(("axis", (long)-axes), ("epsilon", epsilon.Array<float>()[0]))),
                [.. inputs],
                last.Outputs
            )
        );
    }

    /// <summary>x · ½ · (1 + erf(x / √2)), in whichever order it is multiplied.</summary>
    private void JoinGelu(Node erf)
    {
        if (
            Producer(Only(erf.Inputs[0])) is not { } inner
            || Constant(inner) is not (var x, { Count: 1, Type: ElementType.Float32 } divisor)
            || !IsHalfRoot(inner, divisor.Array<float>()[0])
            || Next<Add>(erf) is not { } sum
            || !HasNumber(sum, 1)
        )
            return;
        List<Node> gone = [inner, erf, sum];
        bool half = false,
            self = false;
        Node last = sum;
        while (!(half && self) && Next<Mul>(last) is { } product)
        {
            string other = product.Inputs[0] == last.Outputs[0] ? product.Inputs[1] : product.Inputs[0];
            if (!half && HasNumber(product, 0.5f))
                half = true;
            else if (!self && other == x)
                self = true;
            else if (!half && !self && IsHalfOf(other, x, out Node? scaled))
            {
                (half, self) = (true, true);
                gone.Add(scaled!);
            }
            else
                return;
            gone.Add(last = product);
        }
        if (!half || !self)
            return;
        foreach (Node node in gone)
            if (node != last)
                rewriter.Remove(node);
        rewriter.Replace(last, new Node(last.Name, new Gelu(Attributes.None), [x], last.Outputs));
    }

    private bool IsHalfOf(string value, string x, out Node? scaled)
    {
        scaled = Producer<Mul>(Only(value));
        return scaled is not null && HasNumber(scaled, 0.5f) && scaled.Inputs.Contains(x, StringComparer.Ordinal);
    }

    private static bool IsHalfRoot(Node node, float number) =>
        node.Operator switch
        {
            Div => Math.Abs(number - Math.Sqrt(2)) < Tolerance,
            Mul => Math.Abs(number - Math.Sqrt(0.5)) < Tolerance,
            _ => false,
        };

    private bool IsSquareOf(Node node, string value) =>
        node.Operator switch
        {
            Pow => node.Inputs[0] == value && HasNumber(node, 2),
            Mul => node.Inputs[0] == value && node.Inputs[1] == value,
            _ => false,
        };

    /// <summary>How many of the last axes a mean is taken over, and keeps; null if it is another mean.</summary>
    private int? LastAxes(Node mean)
    {
        if (!((ReduceMean)mean.Operator).KeepDims || mean.Inputs.Length < 2 || Weight(mean.Inputs[1]) is not { } axes)
            return null;
        long[] sorted = axes.Type == ElementType.Int64 ? [.. axes.Array<long>().Order()] : [];
        for (int i = 0; i < sorted.Length; i++)
            if (sorted[i] != i - sorted.Length)
                return null;
        return sorted.Length == 0 ? null : sorted.Length;
    }

    private bool HasNumber(Node node, float number) =>
        Constant(node) is (_, { Count: 1 } constant)
        && constant.Type switch
        {
            ElementType.Float32 => constant.Array<float>()[0] == number,
            ElementType.Int64 => constant.Array<long>()[0] == number,
            _ => false,
        };

    /// <summary>The value and the constant that a node of two inputs joins; null if it joins something else.</summary>
    private (string Value, Tensor Constant)? Constant(Node node)
    {
        if (node.Inputs.Length != 2)
            return null;
        if (Weight(node.Inputs[1]) is { } second)
            return (node.Inputs[0], second);
        bool commutes = node.Operator is Add or Mul;
        return commutes && Weight(node.Inputs[0]) is { } first ? (node.Inputs[1], first) : null;
    }

    private string ConstantName(Node node) => node.Inputs[Weight(node.Inputs[1]) is not null ? 1 : 0];

    private Tensor? Weight(string name) =>
        network.Weights.TryGet(name, out Weight? weight) && weight.Encoding is DenseEncoding
            ? weight.Encoding.Decode()
            : null;

    /// <summary>A value that one node reads once; empty for any other.</summary>
    private string Only(string value) => network.Graph.Uses(value) == 1 && !network.Graph.IsOutput(value) ? value : "";

    private Node? Producer(string value) => value.Length == 0 ? null : network.Graph.Producer(value);

    private Node? Producer<T>(string value)
        where T : Operator => Producer(value) is { Operator: T } node ? node : null;

    private Node? Next<T>(Node node)
        where T : Operator =>
        Only(node.Outputs[0]) is { Length: > 0 } value && network.Graph.OnlyConsumer(value) is { Operator: T } next
            ? next
            : null;
}

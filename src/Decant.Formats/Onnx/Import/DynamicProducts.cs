using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Layers that dynamic quantization spelled out: MatMulInteger or ConvInteger of DynamicQuantizeLinear's codes and
/// constant codes, cast to floats, times both scales. They become products of what the codes stand for, so that their
/// weights are weights.
/// </summary>
internal sealed class DynamicProducts
{
    private readonly Network network;
    private readonly NetworkRewriter rewriter;
    private readonly Dictionary<Node, string> dequantized = [];

    private DynamicProducts(Network network) => (this.network, rewriter) = (network, new NetworkRewriter(network));

    /// <summary>The network with MatMul and Conv in place of such layers.</summary>
    public static Network Joined(Network network)
    {
        if (!network.Nodes.Any(n => n.Operator is DynamicQuantizeLinear))
            return network;
        var products = new DynamicProducts(network);
        foreach (Node node in network.Nodes)
            if (node.Operator is MatMulInteger or ConvInteger)
                products.Join(node);
        return products.rewriter.ToNetwork();
    }

    private void Join(Node product)
    {
        bool isWindowed = product.Operator is ConvInteger;
        if (
            GridOf(product) is not { } grid
            || Constant(product.Inputs[1]) is not { Shape.Rank: > 1 } codes
            || !isWindowed && codes.Shape.Rank != 2
            || Next<Cast>(product) is not { Operator: Cast { To: ElementType.Float32 } } cast
            || Next<Mul>(cast) is not { } scaled
            || ScaleOf(scaled.Inputs[scaled.Inputs[0] == cast.Outputs[0] ? 1 : 0], grid) is not { } scale
        )
            return;
        Tensor zero =
            product.Inputs.Length > 3 && product.Inputs[3].Length > 0
                ? Constant(product.Inputs[3]) ?? codes
                : Tensor.Zeros(codes.Type, Shape.Scalar);
        int axis = isWindowed ? 0 : 1;
        Shape spread = scale.Count == 1 && zero.Count == 1 ? Shape.Scalar : new Shape(codes.Shape[axis]);
        if (
            !Fits(scale, spread, isWindowed ? codes.Shape.Rank - 1 : 1)
            || !Fits(zero, spread, 1)
            || zero.Type != codes.Type
        )
            return;
        string name = product.Inputs[1];
        var dequantize = new Node(
            rewriter.UniqueName(name, ".dequantize"),
            new DequantizeLinear(new Attributes(("axis", (long)axis))),
            [
                name,
                rewriter.AddWeight(name, Spread(scale, spread), ".scale"),
                rewriter.AddWeight(name, Spread(zero, spread), ".zero"),
            ],
            [rewriter.UniqueName(name, ".weight")]
        );
        rewriter.Remove(product);
        rewriter.Remove(cast);
        rewriter.Replace(
            scaled,
            [
                dequantize,
                new Node(
                    product.Name,
                    isWindowed ? new Conv(product.Operator.Attributes) : new MatMul(Attributes.None),
                    [Dequantized(grid), dequantize.Outputs[0]],
                    scaled.Outputs
                ),
            ]
        );
    }

    private Node? GridOf(Node product) =>
        network.Graph.Producer(product.Inputs[0]) is { Operator: DynamicQuantizeLinear } grid
        && product.Inputs[0] == grid.Outputs[0]
        && product.Inputs.Length > 2
        && product.Inputs[2] == grid.Outputs[2]
            ? grid
            : null;

    /// <summary>What a grid's codes stand for, made once.</summary>
    private string Dequantized(Node grid)
    {
        if (dequantized.TryGetValue(grid, out string? made))
            return made;
        made = rewriter.UniqueName(grid.Inputs[0], ".quantized");
        var node = new Node(
            rewriter.UniqueName(grid.Name, ".dequantize"),
            new DequantizeLinear(Attributes.None),
            [.. grid.Outputs],
            [made]
        );
        rewriter.InsertAfter(grid, [node]);
        return dequantized[grid] = made;
    }

    /// <summary>The constant by which a grid's scale is multiplied to give a value.</summary>
    private Tensor? ScaleOf(string value, Node grid)
    {
        if (
            network.Graph.Producer(value) is not { Operator: Mul } product
            || !product.Inputs.Contains(grid.Outputs[1], StringComparer.Ordinal)
        )
            return null;
        string other = product.Inputs[product.Inputs[0] == grid.Outputs[1] ? 1 : 0];
        return Constant(other) is { Type: ElementType.Float32 } scale ? scale : null;
    }

    /// <summary>Whether there is one element, or one an output along the first axis.</summary>
    private static bool Fits(Tensor values, Shape spread, int rank) =>
        values.Count == 1
        || values.Count == spread.Count && values.Shape[0] == values.Count && values.Shape.Rank == rank;

    private static Tensor Spread(Tensor values, Shape to)
    {
        Tensor result = Tensor.Zeros(values.Type, to);
        int size = values.Type.Size();
        for (int i = 0; i < to.Count; i++)
            values.Bytes().Slice(values.Count == 1 ? 0 : i * size, size).CopyTo(result.Bytes()[(i * size)..]);
        return result;
    }

    private Tensor? Constant(string value) =>
        network.Weights.TryGet(value, out Weight? weight) && weight.Encoding is DenseEncoding
            ? weight.Encoding.Decode()
            : null;

    /// <summary>The only reader of a node, if it is of a kind.</summary>
    private Node? Next<T>(Node node)
        where T : Operator =>
        !network.Graph.IsOutput(node.Outputs[0]) && network.Graph.Consumers(node.Outputs[0]) is [{ Operator: T } reader]
            ? reader
            : null;
}

using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx;

/// <summary>
/// Layers that multiply dynamically quantized values by linear weights, as MatMulInteger and ConvInteger of the codes:
/// the form of dynamic quantization that other runtimes compute in integers.
/// </summary>
internal sealed class IntegerProducts
{
    private readonly Network network;
    private readonly NetworkRewriter rewriter;

    private IntegerProducts(Network network) => (this.network, rewriter) = (network, new NetworkRewriter(network));

    /// <summary>
    /// The network with integer products in place of such layers; it computes the same but for the rounding of sums.
    /// Other layers stay as they are.
    /// </summary>
    public static Network Of(Network network)
    {
        var products = new IntegerProducts(network);
        var replaced = new HashSet<Node>();
        foreach (Node node in network.Nodes)
            if (products.GridOf(node) is { } grid && products.WeightOf(node) is { } weight && replaced.Add(node))
                products.Replace(node, grid, weight);
        foreach (Node node in network.Nodes)
            if (
                node.Operator is DequantizeLinear
                && network.Graph.Consumers(node.Outputs[0]) is { Count: > 0 } readers
                && readers.All(replaced.Contains)
                && !network.Graph.IsOutput(node.Outputs[0])
            )
                products.rewriter.Remove(node);
        return products.rewriter.ToNetwork();
    }

    /// <summary>The quantizer whose codes a layer reads dequantized; null if there is none.</summary>
    private Node? GridOf(Node layer) =>
        layer.Operator is MatMul or Gemm { TransA: false, BiasScale: 1 } or Conv
        && network.Graph.Producer(layer.Inputs[0]) is { Operator: DequantizeLinear } dequantize
        && network.Graph.Producer(dequantize.Inputs[0]) is { Operator: DynamicQuantizeLinear } quantize
            ? quantize
            : null;

    /// <summary>A layer's weight in codes of at most 8 bits with a scale for each output or one for all.</summary>
    private LinearEncoding? WeightOf(Node layer) =>
        network.Weights.TryGet(layer.Inputs[LinearOperator.WeightInput], out Weight? weight)
        && weight.Encoding is LinearEncoding { Bits: <= 8, Block: 0 } linear
        && (layer.Operator is Conv || linear.Shape.Rank == 2)
        && (linear.Axis < 0 || linear.Axis == OutputAxisOf(layer.Operator))
            ? linear
            : null;

    private static int OutputAxisOf(Operator op) => op is Conv or Gemm { TransB: true } ? 0 : 1;

    private void Replace(Node layer, Node grid, LinearEncoding weight)
    {
        string name = layer.Inputs[LinearOperator.WeightInput];
        bool turned = layer.Operator is Gemm { TransB: true };
        bool isWindowed = layer.Operator is Conv;
        Tensor codes = CodesOf(weight, turned);
        Shape spread = isWindowed ? AlongChannels(weight.Scales.Length, weight.Shape.Rank) : Row(weight.Scales.Length);
        var nodes = new List<Node>();
        string sums = Add(
            nodes,
            layer,
            isWindowed ? new ConvInteger(layer.Operator.Attributes) : new MatMulInteger(Attributes.None),
            grid.Outputs[0],
            rewriter.AddWeight(name, codes, ".codes"),
            grid.Outputs[2],
            rewriter.AddWeight(name, ZerosOf(weight), ".zero")
        );
        string floats = Add(nodes, layer, new Cast(new Attributes(("to", (long)ElementType.Float32))), sums);
        float factor = ((LinearOperator)layer.Operator).ProductScale;
        float[] scales = Array.ConvertAll(weight.Scales.ToArray(), s => s * factor);
        string scale = Add(
            nodes,
            layer,
            new Mul(Attributes.None),
            grid.Outputs[1],
            rewriter.AddWeight(name, Tensor.Of(spread, scales), ".scale")
        );
        string product = Add(nodes, layer, new Mul(Attributes.None), floats, scale);
        if (layer.Inputs.Length > 2 && layer.Inputs[2].Length > 0)
            product = Add(nodes, layer, new Core.Operators.Add(Attributes.None), product, BiasOf(layer, weight));
        nodes[^1] = nodes[^1] with { Outputs = layer.Outputs };
        rewriter.Replace(layer, [.. nodes]);
    }

    private string Add(List<Node> nodes, Node layer, Operator op, params ImmutableArray<string> inputs)
    {
        string output = rewriter.UniqueName(layer.Outputs[0], ".product");
        nodes.Add(new Node(rewriter.UniqueName(layer.Name, ".product"), op, inputs, [output]));
        return output;
    }

    /// <summary>A bias, along the channels of images.</summary>
    private string BiasOf(Node layer, LinearEncoding weight) =>
        layer.Operator is Conv && network.Weights.TryGet(layer.Inputs[2], out Weight? bias)
            ? rewriter.AddWeight(
                bias.Name,
                bias.Encoding.Decode().Reshape(AlongChannels(bias.Encoding.Count, weight.Shape.Rank))
            )
            : layer.Inputs[2];

    /// <summary>Codes without sign, turned so that outputs lie along the last axis of a matrix.</summary>
    private static Tensor CodesOf(LinearEncoding weight, bool turned)
    {
        byte[] codes = Array.ConvertAll(weight.Codes.ToArray(), c => (byte)(c + QdqWeights.Unsigned));
        if (!turned)
            return Tensor.Of(weight.Shape, codes);
        (int rows, int columns) = (weight.Shape[0], weight.Shape[1]);
        var result = new byte[codes.Length];
        for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            result[j * rows + i] = codes[i * columns + j];
        return Tensor.Of(new Shape(columns, rows), result);
    }

    /// <summary>One zero point where all are the same, as they are for symmetric codes.</summary>
    private static Tensor ZerosOf(LinearEncoding weight)
    {
        byte[] zeros = Array.ConvertAll(weight.Zeros.ToArray(), z => (byte)(z + QdqWeights.Unsigned));
        return zeros.Length == 0 ? Tensor.Scalar((byte)QdqWeights.Unsigned)
            : zeros.Length == 1 ? Tensor.Scalar(zeros[0])
            : Tensor.Of(new Shape(zeros.Length), zeros);
    }

    private static Shape Row(int count) => count == 1 ? Shape.Scalar : new Shape(count);

    private static Shape AlongChannels(int count, int rank) =>
        count == 1 ? Shape.Scalar : new Shape([count, .. Enumerable.Repeat(1, rank - 2)]);
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx;

/// <summary>
/// Linear weights as other runtimes read them: integer codes, and a DequantizeLinear node that computes the weight.
/// </summary>
/// <remarks>
/// Codes of up to 8 bits become uint8, 128 higher than they are held, with zero points 128 higher too; so do int8
/// activations. Products of uint8 and uint8 are exact on every processor; those with int8 operands saturate in ONNX
/// Runtime where the processor has no VNNI instructions. Codes of up to 4 bits may become int4, those of more than 8
/// become int16; opset 21 has both. Scales in blocks become blocks of the node, which opset 21 has too; ONNX Runtime
/// rounds what is multiplied with such weights to int8, unless session.qdq_matmulnbits_accuracy_level is set to 1.
/// Biases that are whole multiples of input scale times weight scale become int32. Layers that read dynamically
/// quantized values become MatMulInteger or ConvInteger of the codes.
/// </remarks>
public static class QdqWeights
{
    // What uint8 codes lie higher than int8 codes.
    internal const int Unsigned = 128;

    /// <summary>
    /// The network with a DequantizeLinear for each weight that is held in linear codes; it computes the same.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="int4">Whether codes of up to 4 bits become int4; else they are uint8, which every runtime
    /// reads.</param>
    /// <exception cref="ModelException">
    /// No weight is in linear codes, or with <paramref name="int4"/> none of so few bits.
    /// </exception>
    public static Network Of(Network network, bool int4 = false)
    {
        EnsureThereAre(network, int4);
        network = IntegerProducts.Of(network);
        var rewriter = new NetworkRewriter(network);
        Dictionary<string, float[]> scales = ScalesOfBiases(network);
        var nodes = new List<Node>();
        foreach (Weight weight in network.Weights)
            if (weight.Encoding is LinearEncoding linear)
                nodes.Add(Dequantized(weight.Name, linear, int4, rewriter));
            else if (
                scales.TryGetValue(weight.Name, out float[]? scale)
                && Codes(weight.Encoding.Decode().Array<float>(), scale) is { } codes
            )
                nodes.Add(DequantizedBias(weight.Name, codes, scale, rewriter));
        rewriter.InsertFirst(nodes);
        foreach (Node node in network.Nodes)
            if (node.Operator is QuantizeLinear)
                MakeUnsigned(network, node, rewriter);
        return rewriter.ToNetwork();
    }

    private static void EnsureThereAre(Network network, bool int4)
    {
        Weight? fewest = network.Weights.Where(w => w.Encoding is LinearEncoding).MinBy(w => w.Encoding.Bits);
        if (fewest is null)
            throw new ModelException(
                "no weight is held in linear codes, so that there is nothing to write as integers: "
                    + "quantize the network before, or export it as floats"
            );
        if (int4 && fewest.Encoding.Bits > 4)
            throw new ModelException(
                $"int4 takes weights of 2 to 4 bits, and the fewest here are the {fewest.Encoding.Bits} of "
                    + $"'{fewest.Name}': quantize to 4, or write uint8"
            );
    }

    /// <summary>The scales of biases that one layer reads alone, by the bias's name.</summary>
    private static Dictionary<string, float[]> ScalesOfBiases(Network network)
    {
        var scales = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (Node node in network.Nodes)
            if (BiasScales.Of(network, node) is { } found && network.Graph.Uses(node.Inputs[2]) == 1)
                scales[node.Inputs[2]] = found;
        return scales;
    }

    /// <summary>Values as codes of given scales; null if one is no whole multiple, or beyond int32.</summary>
    private static int[]? Codes(float[] values, float[] scales)
    {
        var codes = new int[values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            double code = Math.Round(values[i] / (double)scales[i]);
            if (!(Math.Abs(code) < int.MaxValue) || (float)(code * scales[i]) != values[i])
                return null;
            codes[i] = (int)code;
        }
        return codes;
    }

    private static Node DequantizedBias(string name, int[] codes, float[] scales, NetworkRewriter rewriter)
    {
        var shape = new Shape(codes.Length);
        return Dequantize(
            name,
            new Attributes(("axis", 0L)),
            (Tensor.Of(shape, codes), Tensor.Of(shape, scales), Tensor.Of(shape, new int[codes.Length])),
            rewriter
        );
    }

    private static Node Dequantized(string name, LinearEncoding linear, bool int4, NetworkRewriter rewriter)
    {
        Shape spread = linear.ScaleShape;
        int[] zeros = linear.Zeros.Length > 0 ? linear.Zeros.ToArray() : new int[linear.Scales.Length];
        (Tensor codes, Tensor zero) =
            linear.Bits > 8
                ? (
                    Tensor.Of(linear.Shape, linear.WideCodes.ToArray()),
                    Tensor.Of(spread, Array.ConvertAll(zeros, z => (short)z))
                )
            : linear.Bits <= 4 && int4
                ? (
                    Tensor.Of(ElementType.Int4, linear.Shape, linear.Codes.ToArray()),
                    Tensor.Of(ElementType.Int4, spread, Array.ConvertAll(zeros, z => (sbyte)z))
                )
            : (
                Tensor.Of(linear.Shape, Array.ConvertAll(linear.Codes.ToArray(), c => (byte)(c + Unsigned))),
                Tensor.Of(spread, Array.ConvertAll(zeros, z => (byte)(z + Unsigned)))
            );
        return Dequantize(
            name,
            linear.Axis < 0 ? Attributes.None
                : linear.Block == 0 ? new Attributes(("axis", (long)linear.Axis))
                : new Attributes(("axis", (long)linear.Axis), ("block_size", (long)linear.Block)),
            (codes, Tensor.Of(spread, linear.Scales.ToArray()), zero),
            rewriter
        );
    }

    /// <summary>A node that computes a weight, which is taken out, under its name.</summary>
    private static Node Dequantize(
        string name,
        Attributes attributes,
        (Tensor Codes, Tensor Scale, Tensor Zero) values,
        NetworkRewriter rewriter
    )
    {
        rewriter.RemoveWeight(name);
        return new Node(
            rewriter.UniqueName(name, ".dequantize"),
            new DequantizeLinear(attributes),
            [
                rewriter.AddWeight(name, values.Codes, ".codes"),
                rewriter.AddWeight(name, values.Scale, ".scale"),
                rewriter.AddWeight(name, values.Zero, ".zero"),
            ],
            [name]
        );
    }

    /// <summary>Lets a quantizer to int8, and what dequantizes its codes, use uint8.</summary>
    private static void MakeUnsigned(Network network, Node quantizer, NetworkRewriter rewriter)
    {
        IReadOnlyList<Node> readers = network.Graph.Consumers(quantizer.Outputs[0]);
        if (
            network.Graph.IsOutput(quantizer.Outputs[0])
            || SignedZero(network, quantizer) is not { } zero
            || !readers.All(r =>
                r.Operator is DequantizeLinear
                && r.Inputs[0] == quantizer.Outputs[0]
                && SignedZero(network, r) is not null
            )
        )
            return;
        Shift(quantizer, zero, rewriter);
        foreach (Node reader in readers)
            Shift(reader, SignedZero(network, reader)!, rewriter);
    }

    private static void Shift(Node node, Tensor zero, NetworkRewriter rewriter)
    {
        byte[] shifted = Array.ConvertAll(zero.Array<sbyte>(), z => (byte)(z + Unsigned));
        string name = rewriter.AddWeight(node.Inputs[2], Tensor.Of(zero.Shape, shifted));
        rewriter.Replace(node, node with { Inputs = node.Inputs.SetItem(2, name) });
    }

    private static Tensor? SignedZero(Network network, Node node) =>
        node.Inputs.Length > 2
        && network.Weights.TryGet(node.Inputs[2], out Weight? zero)
        && zero.Encoding is DenseEncoding { Type: ElementType.Int8 }
            ? zero.Encoding.Decode()
            : null;
}

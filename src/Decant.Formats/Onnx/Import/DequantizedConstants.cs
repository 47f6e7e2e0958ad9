using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Weights of QDQ models: a DequantizeLinear node of constants becomes the weight that it computes, with the node's
/// integers as its encoding, so that such weights are inspected, pruned and coded as others are.
/// </summary>
internal static class DequantizedConstants
{
    /// <summary>
    /// The network with a weight in place of each such node; nodes whose types no encoding holds, or whose scales do
    /// not fit, stay.
    /// </summary>
    public static Network Folded(Network network)
    {
        if (!network.Nodes.Any(n => n.Operator is DequantizeLinear))
            return network;
        var rewriter = new NetworkRewriter(network);
        foreach (Node node in network.Nodes)
            if (!network.Graph.IsOutput(node.Outputs[0]) && Encoding(network, node) is { } encoding)
                rewriter.ReplaceByWeight(node, encoding);
        return rewriter.ToNetwork();
    }

    private static Encoding? Encoding(Network network, Node node)
    {
        if (
            node.Operator is not DequantizeLinear { Block: >= 0 and <= int.MaxValue } dequantize
            || Dense(network, node, 0) is not { Count: > 0 } codes
            || Dense(network, node, 1) is not { Type: ElementType.Float32 } scale
            || dequantize.To(scale.Type) != ElementType.Float32
        )
            return null;
        Tensor? zero = Dense(network, node, 2);
        if (zero is null && node.Inputs.Length > 2 && node.Inputs[2].Length > 0)
            return null;
        int block = (int)dequantize.Block;
        bool perTensor = block == 0 && scale.Count == 1 && scale.Shape.Rank <= 1;
        int axis = perTensor ? -1 : codes.Shape.Axis(dequantize.Axis);
        if (zero is not null && zero.Count != scale.Count)
            return null;
        if (
            LinearEncoding.ScaleShapeOf(codes.Shape, axis, block) is var fitting
            && !perTensor
            && scale.Shape != fitting
        )
            return null;
        return codes.Type == ElementType.Int32
            ? Floats(codes, scale, zero, Scaling.Of(codes.Shape, fitting, Math.Max(0, axis), block))
            : Linear(codes, scale, zero, axis, block);
    }

    private static Tensor? Dense(Network network, Node node, int input) =>
        input < node.Inputs.Length
        && network.Weights.TryGet(node.Inputs[input], out Weight? weight)
        && weight.Encoding is DenseEncoding
            ? weight.Encoding.Decode()
            : null;

    /// <summary>A bias: its codes need more bits than a linear encoding has.</summary>
    private static DenseEncoding Floats(Tensor codes, Tensor scale, Tensor? zero, Scaling scaling)
    {
        int[] integers = codes.Array<int>(),
            zeros = zero?.Array<int>() ?? new int[scale.Count];
        float[] scales = scale.Array<float>(),
            values = new float[integers.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = scaling.IndexOf(i);
            values[i] = (float)(((double)integers[i] - zeros[channel]) * scales[channel]);
        }
        return new DenseEncoding(Tensor.Of(codes.Shape, values));
    }

    private static LinearEncoding? Linear(Tensor codes, Tensor scale, Tensor? zero, int axis, int block)
    {
        if (Integers(codes) is not { } integers || scale.Array<float>().Any(s => !(s > 0) || !float.IsFinite(s)))
            return null;
        int[] zeros = zero is null ? new int[scale.Count] : Integers(zero) ?? [];
        if (zeros.Length != scale.Count)
            return null;
        // Codes without sign lie half their range higher, and so do their zero points.
        int offset = codes.Type switch
        {
            ElementType.UInt4 => 8,
            ElementType.UInt8 => 128,
            ElementType.UInt16 => 32768,
            _ => 0,
        };
        for (int i = 0; i < integers.Length; i++)
            integers[i] -= offset;
        for (int i = 0; i < zeros.Length; i++)
            zeros[i] -= offset;
        bool hasZeros = zeros.Any(z => z != 0);
        return LinearEncoding.Of(
            codes.Shape,
            Bits([.. integers, .. zeros]),
            integers,
            scale.Array<float>(),
            hasZeros ? zeros : [],
            axis,
            block
        );
    }

    /// <summary>The fewest bits that hold all codes and zero points.</summary>
    private static int Bits(int[] integers)
    {
        int least = integers.Min(),
            greatest = integers.Max(),
            bits = 2;
        while (greatest >= 1 << (bits - 1) || least < -(1 << (bits - 1)))
            bits++;
        return bits;
    }

    private static int[]? Integers(Tensor tensor) =>
        tensor.Type switch
        {
            ElementType.Int4 or ElementType.Int8 => Array.ConvertAll(tensor.Array<sbyte>(), v => (int)v),
            ElementType.UInt4 or ElementType.UInt8 => Array.ConvertAll(tensor.Array<byte>(), v => (int)v),
            ElementType.Int16 => Array.ConvertAll(tensor.Array<short>(), v => (int)v),
            ElementType.UInt16 => Array.ConvertAll(tensor.Array<ushort>(), v => (int)v),
            _ => null,
        };
}

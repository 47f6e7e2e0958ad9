using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Formats.Onnx;

/// <summary>
/// Weights on a linear grid as other runtimes read them: integer codes, and a DequantizeLinear node that computes the
/// weight. Codes of up to 4 bits are int4, of up to 8 int8, of up to 16 int16, which opset 21 has; biases in whole
/// steps of input and weight are int32.
/// </summary>
public static class QdqWeights
{
    /// <summary>
    /// The network with a DequantizeLinear for each weight that is held in linear codes; it computes the same.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="int4">Whether codes of up to 4 bits become int4; else they are int8, which every runtime
    /// reads.</param>
    /// <exception cref="ModelException">
    /// No weight is in linear codes, or with <paramref name="int4"/> none of so few bits.
    /// </exception>
    public static Network Of(Network network, bool int4 = false)
    {
        EnsureThereAre(network, int4);
        var rewriter = new NetworkRewriter(network);
        var nodes = new List<Node>();
        var steps = network
            .Nodes.Select(n => (Node: n, Steps: BiasSteps.Of(network, n)))
            .Where(n => n.Steps is not null)
            .ToDictionary(n => n.Node.Inputs[2], n => n.Steps!, StringComparer.Ordinal);
        foreach (Weight weight in network.Weights)
            if (weight.Encoding is LinearEncoding linear)
                nodes.Add(Dequantized(weight.Name, linear, int4, rewriter));
            else if (
                steps.TryGetValue(weight.Name, out float[]? step)
                && Whole(weight.Encoding.Decode().Array<float>(), step) is { } codes
            )
                nodes.Add(DequantizedBias(weight.Name, codes, step, rewriter));
        rewriter.InsertFirst(nodes);
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
                    + $"'{fewest.Name}': quantize to 4, or write int8"
            );
    }

    /// <summary>Numbers in whole steps; null if one is not.</summary>
    private static int[]? Whole(float[] numbers, float[] steps)
    {
        var codes = new int[numbers.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            double code = Math.Round(numbers[i] / (double)steps[i]);
            if (Math.Abs(code) >= int.MaxValue || (float)(code * steps[i]) != numbers[i])
                return null;
            codes[i] = (int)code;
        }
        return codes;
    }

    private static Node DequantizedBias(string name, int[] codes, float[] steps, NetworkRewriter rewriter)
    {
        var shape = new Shape(codes.Length);
        return Dequantize(
            name,
            new Attributes(("axis", 0L)),
            (Tensor.Of(shape, codes), Tensor.Of(shape, steps), Tensor.Of(shape, new int[codes.Length])),
            rewriter
        );
    }

    private static Node Dequantized(string name, LinearEncoding linear, bool int4, NetworkRewriter rewriter)
    {
        ElementType type =
            linear.Bits > 8 ? ElementType.Int16
            : linear.Bits <= 4 && int4 ? ElementType.Int4
            : ElementType.Int8;
        Shape spread = linear.Axis < 0 ? Shape.Scalar : new Shape(linear.Scales.Length);
        int[] zeros = linear.Zeros.Length > 0 ? linear.Zeros.ToArray() : new int[linear.Scales.Length];
        Tensor codes = linear.Bits > 8
                ? Tensor.Of(linear.Shape, linear.WideCodes.ToArray())
                : Tensor.Of(type, linear.Shape, linear.Codes.ToArray()),
            zero = linear.Bits > 8
                ? Tensor.Of(spread, Array.ConvertAll(zeros, z => (short)z))
                : Tensor.Of(type, spread, Array.ConvertAll(zeros, z => (sbyte)z));
        return Dequantize(
            name,
            linear.Axis < 0 ? Attributes.None : new Attributes(("axis", (long)linear.Axis)),
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
}

using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Scales and zero points of a network's values and weights, which quantization takes as they are in place of ranges
/// that it would find by calibration: value = (code − zero point) · scale.
/// </summary>
/// <param name="Activations">Those of values, by name: inputs, and what nodes make.</param>
/// <param name="Weights">Those of weights, by name.</param>
public sealed record QuantizationParameters(
    ImmutableSortedDictionary<string, ActivationParameters> Activations,
    ImmutableSortedDictionary<string, WeightParameters> Weights
)
{
    /// <summary>The parameters of a quantized network: of each value behind which it has a QuantizeLinear, and of each
    /// weight that is held in linear codes.</summary>
    public static QuantizationParameters Of(Network network)
    {
        var activations = ImmutableSortedDictionary.CreateBuilder<string, ActivationParameters>(StringComparer.Ordinal);
        foreach (Node node in network.Nodes)
            if (node.Operator is QuantizeLinear && ActivationParameters.Of(network, node) is { } found)
                activations.TryAdd(found.Value, found.Parameters);
        return new QuantizationParameters(
            activations.ToImmutable(),
            network
                .Weights.Where(w => w.Encoding is LinearEncoding)
                .ToImmutableSortedDictionary(
                    w => w.Name,
                    w => WeightParameters.Of((LinearEncoding)w.Encoding),
                    StringComparer.Ordinal
                )
        );
    }
}

/// <summary>Scale and zero point of a value.</summary>
/// <param name="Scale">The scale, above 0.</param>
/// <param name="ZeroPoint">The code of 0.</param>
/// <param name="Bits">Bits of a code, 2 to 8.</param>
/// <param name="IsSigned">Whether codes are -(2^(bits-1) - 1) to 2^(bits-1) - 1; else they are 0 to 2^bits - 1.</param>
public sealed record ActivationParameters(float Scale, int ZeroPoint, int Bits, bool IsSigned)
{
    /// <summary>What the codes stand for.</summary>
    internal LinearGrid Grid =>
        IsSigned
            ? new LinearGrid(Scale, ZeroPoint, 1 - (1 << (Bits - 1)), (1 << (Bits - 1)) - 1)
            : new LinearGrid(Scale, ZeroPoint, 0, (1 << Bits) - 1);

    /// <summary>The value before a QuantizeLinear, and its parameters; null where they are no constants.</summary>
    internal static (string Value, ActivationParameters Parameters)? Of(Network network, Node quantizer)
    {
        if (
            quantizer.Inputs.Length < 3
            || !network.Weights.TryGet(quantizer.Inputs[1], out Weight? scale)
            || !network.Weights.TryGet(quantizer.Inputs[2], out Weight? zero)
            || scale.Encoding is not { Count: 1, Type: ElementType.Float32 }
            || zero.Encoding is not { Count: 1, Type: ElementType.UInt8 or ElementType.Int8 }
        )
            return null;
        float step = scale.Encoding.Decode().Array<float>()[0];
        bool isSigned = zero.Encoding.Type == ElementType.Int8;
        int code = isSigned ? zero.Encoding.Decode().Array<sbyte>()[0] : zero.Encoding.Decode().Array<byte>()[0];
        (string value, int bits) = FewBits(network, quantizer, step) ?? (quantizer.Inputs[0], 8);
        return (value, new ActivationParameters(step, code, bits, isSigned));
    }

    /// <summary>The value before a clip to the codes of fewer than 8 bits.</summary>
    private static (string Value, int Bits)? FewBits(Network network, Node quantizer, float scale)
    {
        if (
            !network.Graph.TryGetProducer(quantizer.Inputs[0], out Node? clip)
            || clip is not { Operator: Clip, Inputs.Length: 3 }
            || Number(clip.Inputs[1]) is not { } low
            || Number(clip.Inputs[2]) is not { } high
        )
            return null;
        double codes = Math.Round((high - low) / (double)scale) + 1;
        for (int bits = LinearGrid.LeastBits; bits < 8; bits++)
            if (codes == (1 << bits) || codes == (1 << bits) - 1)
                return (clip.Inputs[0], bits);
        return null;

        float? Number(string name) =>
            network.Weights.TryGet(name, out Weight? w) && w.Encoding is { Count: 1, Type: ElementType.Float32 }
                ? w.Encoding.Decode().Array<float>()[0]
                : null;
    }
}

/// <summary>Scales and zero points of a weight, in the order of its channels or blocks.</summary>
/// <param name="Bits">Bits of a code, 2 to 16.</param>
/// <param name="Scales">The scales, above 0.</param>
/// <param name="ZeroPoints">As many zero points, of codes with sign; empty where all are 0.</param>
public sealed record WeightParameters(int Bits, ImmutableArray<float> Scales, ImmutableArray<int> ZeroPoints)
{
    internal static WeightParameters Of(LinearEncoding linear) =>
        new(linear.Bits, [.. linear.Scales.ToArray()], [.. linear.Zeros.ToArray()]);

    /// <summary>A weight with these scales.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="axis">The axis along which scales differ; -1 for one scale.</param>
    /// <param name="block">How many places along it share one; 0 for no blocks.</param>
    /// <exception cref="ModelException">There are more or fewer scales than the weight has channels or blocks, or an
    /// element is not finite.</exception>
    internal LinearEncoding Encode(Weight weight, int axis, int block)
    {
        float[] values = FiniteWeights.Of(weight, "quantized").Array<float>();
        var channels = new WeightChannels(weight.Encoding.Shape, axis, block);
        if (channels.Count != Scales.Length || ZeroPoints.Length > 0 && ZeroPoints.Length != Scales.Length)
            throw new ModelException(
                $"weight '{weight.Name}' takes {channels.Count} scales; its quantization parameters have "
                    + $"{Scales.Length} scales and {ZeroPoints.Length} zero points"
            );
        int greatest = (1 << (Bits - 1)) - 1,
            least = ZeroPoints.Length > 0 ? -greatest - 1 : -greatest;
        var codes = new int[values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            int channel = channels.Of(i),
                zero = ZeroPoints.Length > 0 ? ZeroPoints[channel] : 0;
            codes[i] = (int)Math.Clamp(MathF.Round(values[i] / Scales[channel]) + zero, least, greatest);
        }
        return LinearEncoding.Of(
            weight.Encoding.Shape,
            Bits,
            codes,
            Scales.AsSpan().ToArray(),
            ZeroPoints.AsSpan().ToArray(),
            axis,
            block
        );
    }
}

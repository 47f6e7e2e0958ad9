using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Brings each number of a weight to the nearest of 2^bits evenly spaced ones, whose spacing is the weight's own or
/// each output's (Jacob et al. 2018; Krishnamoorthi 2018). Zeros stay zeros.
/// </summary>
public sealed class WeightQuantization(WeightQuantizationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "linear-quantization";

    /// <inheritdoc/>
    public override bool NeedsData => options.BiasSamples > 0;

    /// <inheritdoc/>
    public override bool KeepsStatistics => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context)
    {
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return options.BiasSamples > 0 ? BiasCorrection.Needs(context, options.BiasSamples) : [];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return
        [
            .. context.Weights.Select(w => Plan(context.Network, w)),
            .. options.BiasSamples > 0 ? BiasCorrection.Plan(context, options.BiasSamples) : [],
            .. BiasQuantization.Plan(context),
        ];
    }

    private PlannedChange Plan(Network network, Weight weight)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException(
                $"weight '{weight.Name}' holds {weight.Encoding.Type}; linear quantization takes floats"
            );
        int axis = options.AxisOf(network, weight);
        string per = axis < 0 ? "one scale" : $"{weight.Encoding.Shape[axis]} scales";
        return PlannedChange.OfWeight(
            weight.Name,
            $"quantize to {options.Bits} bits, {options.Scheme.ToString().ToLowerInvariant()}, {per}: "
                + $"{options.Range.Name}",
            () => options.Encode(network, weight)
        );
    }
}

/// <summary>Options of linear quantization of weights.</summary>
/// <param name="Bits">2 to 16.</param>
/// <param name="Scheme">Symmetric, or asymmetric with a zero point.</param>
/// <param name="PerChannel">Whether each output has a scale.</param>
/// <param name="Range">How the range is chosen.</param>
/// <param name="BiasSamples">Images by which biases are corrected; 0 to leave them.</param>
public sealed record WeightQuantizationOptions(
    int Bits,
    QuantizationScheme Scheme,
    bool PerChannel,
    RangeRule Range,
    int BiasSamples
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <param name="options">They.</param>
    /// <param name="correctsBiases">Whether 'bias-correction' is among them; where it is not, it is unknown.</param>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static WeightQuantizationOptions Read(TechniqueOptions options, bool correctsBiases = false) =>
        new(
            options.Integer("bits", LinearGrid.LeastBits, LinearGrid.MostBits, 8),
            options.Word("scheme", "symmetric", "asymmetric") == "symmetric"
                ? QuantizationScheme.Symmetric
                : QuantizationScheme.Asymmetric,
            options.Word("per", "channel", "tensor") == "channel",
            RangeRules.Read(options, "mse"),
            correctsBiases ? options.Integer("bias-correction", 0, 1_000_000, 0) : 0
        );

    /// <summary>The axis along which a weight's scales differ; <see cref="OutputAxis.None"/> for one scale.</summary>
    internal int AxisOf(Network network, Weight weight) =>
        PerChannel ? OutputAxis.Of(network, weight) : OutputAxis.None;

    /// <summary>A weight on its grids.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are
    /// named.</exception>
    internal LinearEncoding Encode(Network network, Weight weight) =>
        LinearWeights.Encode(weight, Bits, AxisOf(network, weight), GridOf);

    private LinearGrid GridOf(ReadOnlySpan<float> values)
    {
        ValueRange range = values.IsEmpty ? default : Range.Find(ValueStatistics.Of(values), Bits, Scheme);
        return LinearGrid.Of(range, Bits, Scheme);
    }
}

/// <summary>Brings weights to grids.</summary>
internal static class LinearWeights
{
    /// <summary>Makes a grid of the numbers that share one.</summary>
    public delegate LinearGrid GridOf(ReadOnlySpan<float> values);

    /// <summary>The weight on grids, one or one for each place along an axis.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are
    /// named.</exception>
    public static LinearEncoding Encode(Weight weight, int bits, int axis, GridOf gridOf)
    {
        float[] values = FiniteWeights.Of(weight, "quantized").Array<float>();
        var channels = new WeightChannels(weight.Encoding.Shape, axis);
        LinearGrid[] grids =
        [
            .. Enumerable.Range(0, channels.Count).Select(c => gridOf(channels.Take<float>(values, c))),
        ];
        // Codes without sign are held less half their range.
        int off = grids[0].Least < 0 ? 0 : 1 << (bits - 1);
        int[] codes = new int[values.Length],
            zeros = off == 0 ? [] : [.. grids.Select(g => g.Zero - off)];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = grids[channels.Of(i)].Code(values[i]) - off;
        return LinearEncoding.Of(weight.Encoding.Shape, bits, codes, [.. grids.Select(g => g.Scale)], zeros, axis);
    }

    /// <summary>A weight at other scales: where a scale differs, values are rounded again.</summary>
    /// <param name="whole">The weight before it was quantized.</param>
    /// <param name="linear">The weight as it was quantized.</param>
    /// <param name="scales">As many scales as it has.</param>
    public static LinearEncoding Requantized(Weight whole, LinearEncoding linear, float[] scales)
    {
        float[] values = whole.Encoding.Decode().Array<float>();
        var channels = new WeightChannels(linear.Shape, linear.Axis);
        int[] zeros = linear.Zeros.ToArray(),
            codes = linear.Bits > 8
                ? Array.ConvertAll(linear.WideCodes.ToArray(), c => (int)c)
                : Array.ConvertAll(linear.Codes.ToArray(), c => (int)c);
        for (int i = 0; i < codes.Length; i++)
        {
            int channel = channels.Of(i);
            if (scales[channel] == linear.Scales[channel])
                continue;
            float code = MathF.Round(values[i] / scales[channel]) + (zeros.Length == 0 ? 0 : zeros[channel]);
            codes[i] = (int)Math.Clamp(code, linear.Least, linear.Greatest);
        }
        return LinearEncoding.Of(linear.Shape, linear.Bits, codes, scales, zeros, linear.Axis);
    }
}

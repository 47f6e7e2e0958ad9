using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Quantizes each weight of a layer to the nearest of 2^bits evenly spaced ones, whose spacing is the weight's own or
/// each output's (Jacob et al. 2018; Krishnamoorthi 2018). Zeros stay zeros.
/// </summary>
public sealed class WeightQuantization(WeightQuantizationOptions options)
    : Technique<WeightQuantizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "weight-quantization";

    /// <inheritdoc/>
    public override bool NeedsData => Options.BiasCorrection > 0;

    /// <inheritdoc/>
    public override bool KeepsStatistics => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context)
    {
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return Options.BiasCorrection > 0 ? Quantization.BiasCorrection.Needs(context, Options.BiasCorrection) : [];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return
        [
            .. context.Weights.Select(w => Plan(context.Network, w)),
            .. Options.BiasCorrection > 0 ? Quantization.BiasCorrection.Plan(context, Options.BiasCorrection) : [],
            .. BiasQuantization.Plan(context),
        ];
    }

    private PlannedChange Plan(Network network, Weight weight)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException(
                $"weight '{weight.Name}' holds {weight.Encoding.Type}; linear quantization takes floats"
            );
        int axis = Options.AxisOf(network, weight);
        string per = axis < 0 ? "one scale" : $"{weight.Encoding.Shape[axis]} scales";
        return PlannedChange.OfWeight(
            weight.Name,
            $"quantize to {Options.Bits} bits, {Options.Scheme.ToString().ToLowerInvariant()}, {per}: "
                + $"{Options.Range.Name}",
            () => Options.Encode(network, weight)
        );
    }
}

/// <summary>The grids that weights are brought to.</summary>
public abstract record WeightGridOptions : TechniqueOptions
{
    /// <summary>Bits of a code.</summary>
    [OptionRange(LinearGrid.LeastBits, LinearGrid.MostBits)]
    public int Bits { get; init; } = 8;

    /// <summary>Symmetric, or asymmetric with a zero point.</summary>
    public QuantizationScheme Scheme { get; init; } = QuantizationScheme.Symmetric;

    /// <summary>What has a scale.</summary>
    public ScaleSharing Per { get; init; } = ScaleSharing.Channel;

    /// <summary>How the range is chosen.</summary>
    public RangeRule Range { get; init; } = new MseRange();

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Scheme == QuantizationScheme.Unsigned)
            throw new OptionsException("scheme", "'scheme: unsigned' must be one of symmetric, asymmetric");
    }

    /// <summary>The axis along which a weight's scales differ; <see cref="OutputAxis.None"/> for one scale.</summary>
    internal int AxisOf(Network network, Weight weight) =>
        Per == ScaleSharing.Channel ? OutputAxis.Of(network, weight) : OutputAxis.None;

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

/// <summary>Options of linear quantization of weights.</summary>
public sealed record WeightQuantizationOptions : WeightGridOptions
{
    /// <summary>Images by which biases are corrected; 0 to leave them.</summary>
    [OptionRange(0, 1_000_000)]
    public int BiasCorrection { get; init; }
}

/// <summary>Which weights of a parameter share a scale.</summary>
public enum ScaleSharing
{
    /// <summary>Those of an output channel or neuron.</summary>
    Channel,

    /// <summary>All.</summary>
    Tensor,
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

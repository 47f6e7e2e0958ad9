using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Quantizes each weight of a layer to the nearest of 2^bits evenly spaced ones, whose spacing is the weight's own,
/// each output's (Jacob et al. 2018; Krishnamoorthi 2018), or that of each block of inputs of an output. Zeros stay
/// zeros.
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
            .. context.Weights.Select(w => Plan(context, w)),
            .. Options.BiasCorrection > 0 ? Quantization.BiasCorrection.Plan(context, Options.BiasCorrection) : [],
            .. BiasQuantization.Plan(context),
        ];
    }

    private PlannedChange Plan(TechniqueContext context, Weight weight)
    {
        Network network = context.Network;
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException(
                $"weight '{weight.Name}' holds {weight.Encoding.Type}; linear quantization takes floats"
            );
        var (axis, block) = Options.LayoutOf(network, weight);
        if (context.Parameters?.Weights.GetValueOrDefault(weight.Name) is { } given)
            return PlannedChange.OfWeight(
                weight.Name,
                $"quantize to {given.Bits} bits, {given.Scales.Length} scales: given",
                () => given.Encode(weight, axis, block)
            );
        long scales = LinearEncoding.ScaleShapeOf(weight.Encoding.Shape, axis, block).Count;
        string per =
            block > 0 ? $"{scales} scales, one a block of {block} along axis {axis}"
            : axis < 0 ? "one scale"
            : $"{scales} scales";
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

    /// <summary>What has a scale, where there are no blocks.</summary>
    public ScaleSharing Per { get; init; } = ScaleSharing.Channel;

    /// <summary>
    /// How many neighbours share a scale, along the axis that layers sum over, of a table along its rows; 0 for none. A
    /// weight that is shorter along that axis has scales by <see cref="Per"/>.
    /// </summary>
    [OptionRange(0, MostBlock)]
    public int Block { get; init; }

    /// <summary>
    /// Significant bits of scales, the leading one counted: fewer are stored in less space. Null for 24, those of a
    /// float, and in blocks for <see cref="BlockScaleBits"/>.
    /// </summary>
    [OptionRange(LeastScaleBits, LinearGrid.FloatScaleBits)]
    public int? ScaleBits { get; init; }

    /// <summary>How the range is chosen; in blocks min-max or mse, the latter by the values themselves.</summary>
    public RangeRule Range { get; init; } = new MseRange();

    private const int MostBlock = 1 << 20;
    private const int LeastScaleBits = 2;

    /// <summary>
    /// Significant bits of the scales of blocks: steps of 6 to 12 percent, among which ranges are searched.
    /// </summary>
    internal const int BlockScaleBits = 4;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Scheme == QuantizationScheme.Unsigned)
            throw new OptionsException("scheme", "'scheme: unsigned' must be one of symmetric, asymmetric");
        if (Block > 0 && Range is not (MinMaxRange or MseRange))
            throw new OptionsException(
                "range",
                $"'range: {Range.Name}' takes more values than a block has; with 'block' it must be one of min-max, mse"
            );
        if (Block > 0 && Per == ScaleSharing.Tensor)
            throw new OptionsException(
                "per",
                "'per: tensor' is one scale, and 'block' one for each block; leave one of the two out"
            );
    }

    /// <summary>
    /// The axis along which a weight's scales differ, <see cref="OutputAxis.None"/> for one scale, and how many places
    /// along it share one, 0 for no blocks.
    /// </summary>
    internal (int Axis, int Block) LayoutOf(Network network, Weight weight)
    {
        if (Block > 0 && BlockAxis.Of(network, weight) is >= 0 and var axis && weight.Encoding.Shape[axis] >= Block)
            return (axis, Block);
        return (Per == ScaleSharing.Channel ? OutputAxis.Of(network, weight) : OutputAxis.None, 0);
    }

    /// <summary>A weight on its grids.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are
    /// named.</exception>
    internal LinearEncoding Encode(Network network, Weight weight) =>
        LinearWeights.Encode(weight, Bits, LayoutOf(network, weight), GridOf);

    private LinearGrid GridOf(ReadOnlySpan<float> values, bool isBlock)
    {
        if (isBlock)
            return Range.FindGrid(values, range => LinearGrid.Of(range, Bits, Scheme, ScaleBits ?? BlockScaleBits));
        ValueRange range = values.IsEmpty ? default : Range.Find(ValueStatistics.Of(values), Bits, Scheme);
        return LinearGrid.Of(range, Bits, Scheme, ScaleBits ?? LinearGrid.FloatScaleBits);
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
    /// <summary>Makes a grid of the numbers that share one, a block of them or not.</summary>
    public delegate LinearGrid GridOf(ReadOnlySpan<float> values, bool isBlock);

    /// <summary>The weight on grids: one, one for each place along an axis, or one for each block of places.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are
    /// named.</exception>
    public static LinearEncoding Encode(Weight weight, int bits, (int Axis, int Block) layout, GridOf gridOf)
    {
        float[] values = FiniteWeights.Of(weight, "quantized").Array<float>();
        var (axis, block) = layout;
        var channels = new WeightChannels(weight.Encoding.Shape, axis, block);
        LinearGrid[] grids =
        [
            .. Enumerable.Range(0, channels.Count).Select(c => gridOf(channels.Take<float>(values, c), block > 0)),
        ];
        // Codes without sign are held less half their range.
        int off = grids[0].Least < 0 ? 0 : 1 << (bits - 1);
        int[] codes = new int[values.Length],
            zeros = off == 0 ? [] : [.. grids.Select(g => g.Zero - off)];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = grids[channels.Of(i)].Code(values[i]) - off;
        float[] scales = [.. grids.Select(g => g.Scale)];
        return LinearEncoding.Of(weight.Encoding.Shape, bits, codes, scales, zeros, axis, block);
    }

    /// <summary>A weight at other scales: where a scale differs, values are rounded again.</summary>
    /// <param name="whole">The weight before it was quantized.</param>
    /// <param name="linear">The weight as it was quantized.</param>
    /// <param name="scales">As many scales as it has.</param>
    public static LinearEncoding Requantized(Weight whole, LinearEncoding linear, float[] scales)
    {
        float[] values = whole.Encoding.Decode().Array<float>();
        var channels = new WeightChannels(linear.Shape, linear.Axis, linear.Block);
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
        return LinearEncoding.Of(linear.Shape, linear.Bits, codes, scales, zeros, linear.Axis, linear.Block);
    }
}

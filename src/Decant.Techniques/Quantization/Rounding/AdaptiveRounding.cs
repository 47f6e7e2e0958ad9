using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Brings weights to grids so that layers' outputs change least, not each number: min over Ŵ of E‖W·x −
/// Ŵ·x̂‖², x what the layer reads on images and x̂ what it reads once the layers before it are rounded
/// (AdaRound: Nagel, Amjad, van Baalen, Louizos, Blankevoort 2020, sections 3.2 and 3.3). Layer by layer, in the
/// network's order; biases make up for the mean of what is left. Zeros stay zeros. Weights that one use of the
/// technique selects are rounded together; those of other uses count as whole, or as rounded already.
/// </summary>
public sealed class AdaptiveRounding(AdaptiveRoundingOptions options) : Technique<AdaptiveRoundingOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "adaptive-rounding";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override bool KeepsStatistics => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context)
    {
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return OthersOf(context) is { Length: > 0 } others
            ? BiasCorrection.Needs(context with { Weights = others }, Options.Samples)
            : [];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        context.NeedData("'adaptive-rounding'");
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        Node[] layers = LayersOf(context);
        Weight[] others = OthersOf(context);
        return
        [
            .. others.Select(w =>
                PlannedChange.OfWeight(
                    w.Name,
                    $"quantize to {Options.Bits} bits, round to nearest: it belongs to "
                        + "no layer, to several, or to one that adaptive rounding does not take",
                    () => Options.Encode(context.Network, w)
                )
            ),
            .. others.Length == 0 ? [] : BiasCorrection.Plan(context with { Weights = others }, Options.Samples),
            .. layers.Select(l => new PlannedChange(
                l.Inputs[1],
                $"quantize to {Options.Bits} bits, rounded so that the outputs of {l.Name} change "
                    + $"least: {Options.Range.Name}",
                network => Round(context, network, l)
            )),
            .. BiasQuantization.Plan(context),
        ];
    }

    /// <summary>Layers whose weight belongs to no other, and whose inputs can be had.</summary>
    private static Node[] LayersOf(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. context
                .Network.Nodes.Where(n => n.Inputs.Length > 1 && selected.Contains(n.Inputs[1]))
                .GroupBy(n => n.Inputs[1], StringComparer.Ordinal)
                .Where(g => g.Count() == 1)
                .Select(g => g.Single())
                .Where(n => LayerMoments.CanBeHad(context.Network, n)),
        ];
    }

    private static Weight[] OthersOf(TechniqueContext context)
    {
        var fitted = LayersOf(context).Select(l => l.Inputs[1]).ToHashSet(StringComparer.Ordinal);
        return [.. context.Weights.Where(w => !fitted.Contains(w.Name))];
    }

    private Network Round(TechniqueContext context, Network network, Node layer)
    {
        Weight weight = context.Network.Weights[layer.Inputs[1]];
        LinearEncoding grids = Options.Encode(context.Network, weight);
        bool takesShift = LayerBias.CanShift(context.Network, layer, OutputAxis.Count(context.Network, layer));
        LayerMoments moments = LayerMoments.Of(context, network, layer, Options.Samples, centred: takesShift);
        var outputs = new WeightChannels(weight.Encoding.Shape, OutputAxis.OfLayer(layer, weight.Encoding.Shape));
        int[] codes = new int[weight.Encoding.Count],
            order = [.. Enumerable.Range(0, codes.Length)];
        float[] whole = weight.Encoding.Decode().Array<float>();
        var shift = new double[outputs.Count];
        for (int o = 0; o < outputs.Count; o++)
        {
            int[] places = outputs.Take<int>(order, o);
            RowRounding row = Rounded(moments, grids, whole, places);
            for (int k = 0; k < places.Length; k++)
                codes[places[k]] = row.Codes[k];
            shift[o] = moments.Shift(row.Whole, row.Values);
        }
        network = network.With(
            new Dictionary<string, Encoding>(StringComparer.Ordinal)
            {
                [weight.Name] = LinearEncoding.Of(
                    grids.Shape,
                    grids.Bits,
                    codes,
                    grids.Scales.ToArray(),
                    grids.Zeros.ToArray(),
                    grids.Axis,
                    grids.Block
                ),
            }
        );
        return takesShift ? LayerBias.Shifted(network, network.Graph.Producer(layer.Outputs[0])!, shift) : network;
    }

    private static RowRounding Rounded(LayerMoments moments, LinearEncoding grids, float[] whole, int[] places)
    {
        var channels = new WeightChannels(grids.Shape, grids.Axis, grids.Block);
        double[] row = Array.ConvertAll(places, p => (double)whole[p]),
            scales = Array.ConvertAll(places, p => (double)grids.Scales[channels.Of(p)]);
        int[] zeros =
            grids.Zeros.Length == 0 ? new int[row.Length] : Array.ConvertAll(places, p => grids.Zeros[channels.Of(p)]);
        var rounding = new RowRounding(moments, row, scales, zeros, grids.Least, grids.Greatest);
        rounding.Descend();
        return rounding;
    }
}

/// <summary>Options of adaptive rounding.</summary>
public sealed record AdaptiveRoundingOptions : WeightGridOptions
{
    /// <summary>Images by which layers' outputs are compared.</summary>
    [OptionRange(1, 1_000_000)]
    public int Samples { get; init; } = 512;
}

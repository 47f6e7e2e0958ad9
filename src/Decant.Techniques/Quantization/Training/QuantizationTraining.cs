using Decant.Core;
using Decant.Core.Operators;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Trains weights while the network sees them on their grid (Jacob et al. 2018), with scales that are learned too (LSQ:
/// Esser et al. 2020), or squashed by tanh before (DoReFa-Net: Zhou et al. 2016).
/// Activations that are on grids are trained through; the ends of their ranges are learned as PACT's α is (Choi et al.
/// 2018).
/// </summary>
public sealed class QuantizationTraining(QuantizationTrainingOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "quantization-aware-training";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context)
    {
        foreach (Weight weight in context.Weights)
            if (weight.Encoding is not (DenseEncoding or SparseEncoding or LinearEncoding))
                throw new ModelException(
                    $"weight '{weight.Name}' is held as '{weight.Encoding.Kind}'; "
                        + "quantization-aware-training takes plain, sparse and linear weights"
                );
            else if (options.Squashes && weight.Encoding is SparseEncoding)
                throw new ModelException(
                    $"weight '{weight.Name}' is pruned, and 'transform: tanh' has no zero; leave it out of "
                        + "'weights', or leave the transform out"
                );
        return new QuantizationHook(context, options);
    }
}

/// <summary>Options of quantization-aware training.</summary>
/// <param name="Weights">The weights' grids, of those that have none yet.</param>
/// <param name="From">Bits in a stage's first round, from which they fall to those of the grids in its last; null where
/// they stay.</param>
/// <param name="LearnsScales">Whether weights' scales are learned.</param>
/// <param name="LearnsClips">Whether the scales of activations, and with them their clips, are learned.</param>
/// <param name="Squashes">Whether weights pass tanh before they are rounded, as in DoReFa-Net, on a grid without
/// zero.</param>
public sealed record QuantizationTrainingOptions(
    WeightQuantizationOptions Weights,
    int? From,
    bool LearnsScales,
    bool LearnsClips,
    bool Squashes
)
{
    private static readonly string[] OfGrids = ["scheme", "per", "range", "scales"];

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static QuantizationTrainingOptions Read(TechniqueOptions options)
    {
        bool squashes = options.Word("transform", "none", "tanh") == "tanh";
        if (squashes && OfGrids.FirstOrDefault(options.Has) is { } useless)
            throw options.Error(
                useless,
                $"'{useless}' has no effect with 'transform: tanh', whose grid is given by the largest "
                    + "weight; leave one of the two out"
            );
        WeightQuantizationOptions weights = WeightQuantizationOptions.Read(options);
        int most = squashes ? LinearGrid.MostBits - 1 : LinearGrid.MostBits;
        if (weights.Bits > most)
            throw options.Error("bits", $"'transform: tanh' takes {LinearGrid.LeastBits} to {most} bits");
        return new(
            weights,
            options.Has("from") ? options.Integer("from", weights.Bits, most) : null,
            options.Word("scales", "learned", "fixed") == "learned",
            options.Word("clips", "learned", "fixed") == "learned",
            squashes
        );
    }

    /// <summary>The weights' grids in a round of a stage.</summary>
    internal WeightQuantizationOptions WeightsIn(int round, int rounds) =>
        From is { } from && rounds > 1
            ? Weights with
            {
                Bits = (int)Math.Round(from + (Weights.Bits - from) * (round - 1.0) / (rounds - 1)),
            }
            : Weights;
}

/// <summary>Gives selected weights grids, and the grids of activations scales that learn.</summary>
internal sealed class QuantizationHook(TechniqueContext context, QuantizationTrainingOptions options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly Dictionary<string, ScaleForm> scales = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        WeightQuantizationOptions grids = options.WeightsIn(context.Round, context.Rounds);
        if (options.Squashes)
            return new TanhForm(FiniteWeights.Of(weight, "quantized"), grids.Bits);
        if (weight.Encoding is LinearEncoding linear && (options.From is null || linear.Bits <= grids.Bits))
            return new LinearForm(linear, learnsScales: options.LearnsScales);
        return new LinearForm(grids.Encode(context.Network, weight), weight.Encoding.Decode(), options.LearnsScales);
    }

    /// <inheritdoc/>
    public override WeightForm? FormOfSetting(Weight weight)
    {
        if (!options.LearnsClips)
            return null;
        foreach (Node node in context.Network.Graph.Consumers(weight.Name))
        {
            if (node.Operator is QuantizeLinear && node.Inputs[1] == weight.Name)
                return ScaleOf(node);
            if (
                node.Operator is Clip
                && QuantizerAfter(node) is { } quantizer
                && node.Inputs.Skip(1).Contains(weight.Name)
            )
                return new FollowingForm(ScaleOf(quantizer), Ratio(weight, quantizer));
        }
        return null;
    }

    private Node? QuantizerAfter(Node clip) =>
        context
            .Network.Graph.Consumers(clip.Outputs[0])
            .FirstOrDefault(n => n.Operator is QuantizeLinear && n.Inputs[0] == clip.Outputs[0]);

    private ScaleForm ScaleOf(Node quantizer)
    {
        string name = quantizer.Inputs[1];
        if (!scales.TryGetValue(name, out ScaleForm? form))
            scales[name] = form = new ScaleForm(context.Network.Weights[name].Encoding);
        return form;
    }

    /// <summary>The end of a clip in steps of the grid, a whole number.</summary>
    private double Ratio(Weight end, Node quantizer) =>
        Math.Round(
            end.Encoding.Decode().Array<float>()[0]
                / (double)context.Network.Weights[quantizer.Inputs[1]].Encoding.Decode().Array<float>()[0]
        );
}

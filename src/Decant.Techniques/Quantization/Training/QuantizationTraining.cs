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
public sealed class QuantizationTraining(QuantizationTrainingOptions options)
    : Technique<QuantizationTrainingOptions>(options)
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
            else if (Options.Transform == WeightTransform.Tanh && weight.Encoding is SparseEncoding)
                throw new ModelException(
                    $"weight '{weight.Name}' is pruned, and 'transform: tanh' has no zero; leave it out of "
                        + "'weights', or leave the transform out"
                );
        return new QuantizationHook(context, Options);
    }
}

/// <summary>Options of quantization-aware training; the grids are those of weights that have none yet.</summary>
public sealed record QuantizationTrainingOptions : WeightGridOptions
{
    /// <summary>
    /// Bits in a stage's first round, from which they fall to <see cref="WeightGridOptions.Bits"/> in its last; null
    /// where they stay.
    /// </summary>
    [OptionRange(LinearGrid.LeastBits, LinearGrid.MostBits)]
    public int? From { get; init; }

    /// <summary>Whether weights' scales are learned.</summary>
    public ScaleTraining Scales { get; init; } = ScaleTraining.Learned;

    /// <summary>Whether the scales of activations, and with them their clips, are learned.</summary>
    public ScaleTraining Clips { get; init; } = ScaleTraining.Learned;

    /// <summary>What weights pass before they are rounded.</summary>
    public WeightTransform Transform { get; init; } = WeightTransform.None;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        bool squashes = Transform == WeightTransform.Tanh;
        if (squashes)
            ValidateTanh();
        int most = squashes ? LinearGrid.MostBits - 1 : LinearGrid.MostBits;
        if (Bits > most)
            throw new OptionsException("bits", $"'transform: tanh' takes {LinearGrid.LeastBits} to {most} bits");
        if (From < Bits || From > most)
            throw new OptionsException("from", $"'from: {From}' must be a whole number from {Bits} to {most}");
    }

    /// <summary>These options with the bits of a round of a stage.</summary>
    internal QuantizationTrainingOptions In(int round, int rounds) =>
        From is { } from && rounds > 1
            ? this with
            {
                Bits = (int)Math.Round(from + (Bits - from) * (round - 1.0) / (rounds - 1)),
            }
            : this;

    private void ValidateTanh()
    {
        (string Key, bool IsGiven)[] useless =
        [
            ("scheme", Scheme != QuantizationScheme.Symmetric),
            ("per", Per != ScaleSharing.Channel),
            ("range", Range != new MseRange()),
            ("block", Block != 0),
            ("scale-bits", ScaleBits is not null),
            ("scales", Scales != ScaleTraining.Learned),
        ];
        foreach (var (key, isGiven) in useless)
            if (isGiven)
                throw new OptionsException(
                    key,
                    $"'{key}' has no effect with 'transform: tanh', whose scale is given by the largest "
                        + "weight; leave one of the two out"
                );
    }
}

/// <summary>Whether scales are trained.</summary>
public enum ScaleTraining
{
    /// <summary>They learn with the weights (LSQ, PACT).</summary>
    Learned,

    /// <summary>They stay as they are.</summary>
    Fixed,
}

/// <summary>What weights pass before they are rounded.</summary>
public enum WeightTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>tanh, as in DoReFa-Net, on a grid without zero.</summary>
    Tanh,
}

/// <summary>Gives selected weights grids, and the grids of activations scales that learn.</summary>
internal sealed class QuantizationHook(TechniqueContext context, QuantizationTrainingOptions options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly Dictionary<string, ScaleParameterization> scales = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        QuantizationTrainingOptions grids = options.In(context.Round, context.Rounds);
        if (options.Transform == WeightTransform.Tanh)
            return new TanhParameterization(FiniteWeights.Of(weight, "quantized"), grids.Bits);
        bool learnsScales = options.Scales == ScaleTraining.Learned;
        if (weight.Encoding is LinearEncoding linear && (options.From is null || linear.Bits <= grids.Bits))
            return new LinearParameterization(linear, learnsScales: learnsScales);
        return new LinearParameterization(
            grids.Encode(context.Network, weight),
            weight.Encoding.Decode(),
            learnsScales
        );
    }

    /// <inheritdoc/>
    public override WeightParameterization? ParameterizeSetting(Weight weight)
    {
        if (options.Clips == ScaleTraining.Fixed)
            return null;
        foreach (Node node in context.Network.Graph.Consumers(weight.Name))
        {
            if (node.Operator is QuantizeLinear && node.Inputs[1] == weight.Name)
                return ScaleOf(node);
            if (
                node.Operator is Clip
                && QuantizerAfter(node) is { } quantizer
                && node.Inputs.Skip(1).Contains(weight.Name, StringComparer.Ordinal)
            )
                return new ProportionalParameterization(ScaleOf(quantizer), Ratio(weight, quantizer));
        }
        return null;
    }

    private Node? QuantizerAfter(Node clip) =>
        context
            .Network.Graph.Consumers(clip.Outputs[0])
            .FirstOrDefault(n => n.Operator is QuantizeLinear && n.Inputs[0] == clip.Outputs[0]);

    private ScaleParameterization ScaleOf(Node quantizer)
    {
        string name = quantizer.Inputs[1];
        if (!scales.TryGetValue(name, out ScaleParameterization? parameterization))
            scales[name] = parameterization = new ScaleParameterization(context.Network.Weights[name].Encoding);
        return parameterization;
    }

    /// <summary>The end of a clip in steps of the grid, a whole number.</summary>
    private double Ratio(Weight end, Node quantizer) =>
        Math.Round(
            end.Encoding.Decode().Array<float>()[0]
                / (double)context.Network.Weights[quantizer.Inputs[1]].Encoding.Decode().Array<float>()[0]
        );
}

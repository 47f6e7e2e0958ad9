using Decant.Core;
using Decant.Core.Operators;
using Decant.Training;

namespace Decant.Techniques.Quantization;

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
        if (!selected.Contains(weight.Name)) return null;
        WeightQuantizationOptions grids = options.WeightsIn(context.Round, context.Rounds);
        if (options.Squashes) return new TanhForm(FiniteWeights.Of(weight, "quantized"), grids.Bits);
        if (weight.Encoding is LinearEncoding linear && (options.From is null || linear.Bits <= grids.Bits)) return new LinearForm(linear, learnsScales: options.LearnsScales);
        return new LinearForm(grids.Encode(context.Network, weight), weight.Encoding.Decode(), options.LearnsScales);
    }

    /// <inheritdoc/>
    public override WeightForm? FormOfSetting(Weight weight)
    {
        if (!options.LearnsClips) return null;
        foreach (Node node in context.Network.Nodes)
        {
            if (node.Operator is QuantizeLinear && node.Inputs[1] == weight.Name) return ScaleOf(node);
            if (node.Operator is Clip && QuantizerAfter(node) is { } quantizer && node.Inputs.Skip(1).Contains(weight.Name))
                return new FollowingForm(ScaleOf(quantizer), Ratio(weight, quantizer));
        }
        return null;
    }

    private Node? QuantizerAfter(Node clip) => context.Network.Nodes.FirstOrDefault(n => n.Operator is QuantizeLinear && n.Inputs[0] == clip.Outputs[0]);

    private ScaleForm ScaleOf(Node quantizer)
    {
        string name = quantizer.Inputs[1];
        if (!scales.TryGetValue(name, out ScaleForm? form)) scales[name] = form = new ScaleForm(context.Network.Weights[name].Encoding);
        return form;
    }

    /// <summary>The end of a clip in steps of the grid, a whole number.</summary>
    private double Ratio(Weight end, Node quantizer) =>
        Math.Round(end.Encoding.Decode().Array<float>()[0] / (double)context.Network.Weights[quantizer.Inputs[1]].Encoding.Decode().Array<float>()[0]);
}

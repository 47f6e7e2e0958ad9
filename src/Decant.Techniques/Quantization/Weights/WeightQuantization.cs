using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Brings each number of a weight to the nearest of 2^bits evenly spaced ones, whose spacing is the weight's own or each output's (Jacob et
/// al. 2018; Krishnamoorthi 2018). Zeros stay zeros.
/// </summary>
public sealed class WeightQuantization(WeightQuantizationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "linear-quantization";

    /// <inheritdoc/>
    public override bool NeedsData => options.BiasSamples > 0;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => Plan(context.Network, w)), .. options.BiasSamples > 0 ? BiasCorrection.Plan(context, options.BiasSamples) : [], .. BiasGrid.Plan(context)];

    private PlannedChange Plan(Network network, Weight weight)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException($"weight '{weight.Name}' holds {weight.Encoding.Type}; linear quantization takes floats");
        int axis = options.AxisOf(network, weight);
        string per = axis < 0 ? "one scale" : $"{weight.Encoding.Shape[axis]} scales";
        return PlannedChange.OfWeight(weight.Name, $"quantize to {options.Bits} bits, {options.Scheme.ToString().ToLowerInvariant()}, {per}: {options.Range.Name}",
            () => options.Encode(network, weight));
    }
}

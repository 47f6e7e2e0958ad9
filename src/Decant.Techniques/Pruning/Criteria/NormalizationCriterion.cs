using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>|γ| of the batch normalization that scales a unit (network slimming: Liu et al. 2017); of several their sum.</summary>
internal sealed class NormalizationCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "bn-scale";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException($"criterion '{Name}' ranks neurons and channels, not single weights: use 'granularity: row', or a technique that prunes channels");

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        ILookup<string, float[]> scales = context.Network.Nodes
            .Where(n => n.Operator is BatchNormalization && context.Network.Weights.TryGet(n.Inputs[1], out _))
            .ToLookup(n => n.Inputs[0], n => context.Network.Weights[n.Inputs[1]].Encoding.Decode().Array<float>());
        return [.. units.Select(u => Of(u, scales))];
    }

    private double Of(PruningUnit unit, ILookup<string, float[]> scales)
    {
        ValueRegion[] normalized = [.. unit.Values.Where(v => v.Axis == 1 && scales.Contains(v.Value))];
        if (normalized.Length == 0)
            throw new ModelException($"criterion '{Name}': no batch normalization scales '{unit.Name}'; leave it out of 'weights', or use 'criterion: magnitude'");
        return normalized.Sum(v => scales[v.Value].Sum(scale => v.Indices.Sum(i => (double)Math.Abs(scale[i]))));
    }
}

using Decant.Core;
using Decant.Core.Operators;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Ranks units by what they answer to images: how often they are not zero, one minus the average percentage of zeros
/// (Hu, Peng, Tai, Tang 2016), or their mean |activation| (Molchanov et al. 2017). It looks at the unit's values that
/// activation functions made, at all of its values if there are none such.
/// </summary>
/// <param name="countsZeros">Whether zeros are counted, or magnitudes averaged.</param>
/// <param name="samples">How many images.</param>
internal sealed class ActivationCriterion(bool countsZeros, int samples) : Criterion
{
    private const int Batch = 64;

    /// <inheritdoc/>
    public override string Name => countsZeros ? "apoz" : "mean-activation";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException(
            $"criterion '{Name}' ranks neurons and channels, not single weights: use 'granularity: row', "
                + "or a technique that prunes channels"
        );

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        var made = context
            .Network.Nodes.Where(n => n.Operator.Is(OperatorTraits.Activation))
            .Select(n => n.Outputs[0])
            .ToHashSet(StringComparer.Ordinal);
        ValueRegion[][] regions = [.. units.Select(u => Chosen(u, made))];
        var sums = new Dictionary<(string, int), double[]>();
        foreach (ValueRegion region in regions.SelectMany(r => r))
            sums.TryAdd((region.Value, region.Axis), []);
        new DatasetPass(
            context.Network,
            Samples.Of(context, samples, $"criterion '{Name}'"),
            context.Preprocessing,
            Batch
        ).Forward(step =>
        {
            double share = (double)step.Images.Size(0);
            foreach (var (value, axis) in sums.Keys.ToArray())
                sums[(value, axis)] = Plus(sums[(value, axis)], Means(step.Network.Value(value), axis), share);
        });
        int images = Math.Min(samples, context.Data!.Count);
        return [.. regions.Select(r => r.Average(v => v.Indices.Average(i => sums[(v.Value, v.Axis)][i])) / images)];
    }

    private ValueRegion[] Chosen(PruningUnit unit, HashSet<string> made)
    {
        ValueRegion[] activations = [.. unit.Values.Where(v => made.Contains(v.Value))];
        if (activations.Length > 0)
            return activations;
        return unit.Values.Length > 0
            ? [.. unit.Values]
            : throw new ModelException(
                $"criterion '{Name}' ranks neurons and channels by their activations, and '{unit.Name}' "
                    + "has none: use 'granularity: row', or a technique that prunes channels"
            );
    }

    private double[] Means(TorchTensor value, int axis)
    {
        TorchTensor measured = countsZeros ? value.Eq(0).To(TorchType.Float32).Neg().Add(1) : value.Abs();
        long[] others = [.. Enumerable.Range(0, value.Rank).Where(i => i != axis).Select(i => (long)i)];
        return measured.Mean(others).To(TorchType.Float64).ToArray<double>();
    }

    private static double[] Plus(double[] sums, double[] means, double factor)
    {
        double[] result = sums.Length == 0 ? new double[means.Length] : sums;
        for (int i = 0; i < result.Length; i++)
            result[i] += factor * means[i];
        return result;
    }
}

using Decant.Core;
using Decant.Data;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// How much the loss would change, to first order, if a number were zero: |g·w|, g the gradient of a batch's mean
/// cross-entropy; of a unit |Σ g·w| (Molchanov et al. 2017 and 2019). Averaged over batches.
/// </summary>
public sealed record TaylorCriterion : Criterion
{
    private const int Batch = 32;

    /// <summary>How many images.</summary>
    [OptionRange(1, 10_000_000)]
    public int Samples { get; init; } = 1024;

    /// <inheritdoc/>
    public override string Name => "taylor";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override bool NeedsGradients => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        var scores = context.Weights.ToDictionary(
            w => w.Name,
            w => new float[w.Encoding.Count],
            StringComparer.Ordinal
        );
        EachBatch(context, context.Weights, (share, products) =>
        {
            foreach (var (name, product) in products)
                for (var (i, sums) = (0, scores[name]); i < sums.Length; i++)
                    sums[i] += (float)(share * Math.Abs(product[i]));
        });
        return scores;
    }

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        var scores = new double[units.Count];
        EachBatch(context, WeightsOf(context.Network, units), (share, products) =>
        {
            double[] changes = Sum(products, units, v => v);
            for (int u = 0; u < scores.Length; u++)
                scores[u] += share * Math.Abs(changes[u]);
        });
        return scores;
    }

    private void EachBatch(
        TechniqueContext context,
        IReadOnlyList<Weight> weights,
        Action<double, Dictionary<string, float[]>> visit
    )
    {
        IDataSource data = Techniques.Samples.Of(context, Samples, $"criterion '{Name}'");
        ITaskLoss loss = TaskLosses.For(context.Task, new TrainingOptions(), context.Network, data);
        new DatasetPass(context.Network, data, context.Preprocessing, Batch).Recorded(step =>
        {
            loss.Of(step.Outputs, step.Labels).Backward();
            using var noGrad = new NoGrad();
            visit(
                1.0 / step.Steps,
                weights.ToDictionary(
                    w => w.Name,
                    w => Product(step.Network.Parameterizations, w),
                    StringComparer.Ordinal
                )
            );
        });
    }

    private static float[] Product(
        IReadOnlyDictionary<string, WeightParameterization> parameterizations,
        Weight weight
    ) =>
        parameterizations.TryGetValue(weight.Name, out WeightParameterization? parameterization)
        && parameterization.Parameter.Grad is { } gradient
            ? parameterization.Parameter.Mul(gradient).ToArray<float>()
            : new float[weight.Encoding.Count];
}

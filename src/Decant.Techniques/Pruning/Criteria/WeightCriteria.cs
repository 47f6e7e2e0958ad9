using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>|w| (Han, Pool, Tran, Dally 2015); of a unit Σ|w| (Li et al. 2017) or √Σw².</summary>
public sealed record MagnitudeCriterion : Criterion
{
    /// <summary>The norm of a unit's weights.</summary>
    public UnitNorm Norm { get; init; } = UnitNorm.L1;

    /// <inheritdoc/>
    public override string Name => "magnitude";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(
            w => w.Name,
            w => Array.ConvertAll(w.Encoding.Decode().Array<float>(), Math.Abs),
            StringComparer.Ordinal
        );

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        Norm == UnitNorm.L2
            ?
            [
                .. Sum(Score(context with { Weights = WeightsOf(context.Network, units) }), units, v => v * v)
                    .Select(Math.Sqrt),
            ]
            : base.Score(context, units);
}

/// <summary>The norm by which a unit of weights is measured.</summary>
public enum UnitNorm
{
    /// <summary>Σ|w|.</summary>
    L1,

    /// <summary>√Σw².</summary>
    L2,
}

/// <summary>
/// A uniform number from the seed and the weight's or unit's name: what any other criterion must beat. A number that is
/// zero scores zero.
/// </summary>
public sealed record RandomCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(
            w => w.Name,
            w => Of(w, Rng.For(context.Seed, "random-criterion", w.Name)),
            StringComparer.Ordinal
        );

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        [.. units.Select(u => Rng.For(context.Seed, "random-criterion", u.Name).NextDouble())];

    private static float[] Of(Weight weight, Rng rng) => Array.ConvertAll(weight.Encoding.Decode().Array<float>(), v =>
        {
            float score = (float)(1 - rng.NextDouble());
            return v == 0 ? 0 : score;
        });
}

/// <summary>
/// |w| / σ, where σ is the standard deviation of the tensor's non-zero weights: one threshold over all
/// layers is then Han's quality parameter times each layer's σ (Han, Pool, Tran, Dally 2015).
/// </summary>
public sealed record SensitivityCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "sensitivity";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(w => w.Name, w => Of(w.Encoding), StringComparer.Ordinal);

    /// <summary>The standard deviation of the non-zero weights.</summary>
    public static double StandardDeviation(ReadOnlySpan<float> values)
    {
        double sum = 0,
            squares = 0;
        long n = 0;
        foreach (float v in values)
        {
            if (v == 0)
                continue;
            (sum, squares, n) = (sum + v, squares + (double)v * v, n + 1);
        }
        return n == 0 ? 0 : Math.Sqrt(Math.Max(0, squares / n - sum / n * (sum / n)));
    }

    private static float[] Of(Encoding encoding)
    {
        float[] values = encoding.Decode().Array<float>();
        double deviation = StandardDeviation(values);
        // Numbers that are all the same have none; they then rank by magnitude.
        return Array.ConvertAll(values, v => (float)(Math.Abs(v) / (deviation > 0 ? deviation : 1)));
    }
}

/// <summary>
/// |γ| of the batch normalization that scales a unit (network slimming: Liu et al. 2017); of several their sum.
/// </summary>
public sealed record NormalizationCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "bn-scale";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        throw new ModelException(
            $"criterion '{Name}' ranks neurons and channels, not single weights: use 'granularity: row', "
                + "or a technique that prunes channels"
        );

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units)
    {
        ILookup<string, float[]> scales = context
            .Network.Nodes.Where(n =>
                n.Operator is BatchNormalization && context.Network.Weights.TryGet(n.Inputs[1], out _)
            )
            .ToLookup(
                n => n.Inputs[0],
                n => context.Network.Weights[n.Inputs[1]].Encoding.Decode().Array<float>(),
                StringComparer.Ordinal
            );
        return [.. units.Select(u => Of(u, scales))];
    }

    private double Of(PruningUnit unit, ILookup<string, float[]> scales)
    {
        ValueRegion[] normalized = [.. unit.Values.Where(v => v.Axis == 1 && scales.Contains(v.Value))];
        if (normalized.Length == 0)
            throw new ModelException(
                $"criterion '{Name}': no batch normalization scales '{unit.Name}'; leave it out of "
                    + "'weights', or use 'criterion: magnitude'"
            );
        return normalized.Sum(v => scales[v.Value].Sum(scale => v.Indices.Sum(i => (double)Math.Abs(scale[i]))));
    }
}

/// <summary>
/// w² over the sum of the squares that are no smaller, in its weight (Lee, Park, Mo, Ahn, Shin 2021, equation 4):
/// magnitudes made comparable between layers. Within a weight it ranks as magnitude does; a weight's largest number
/// scores 1, so a common level empties no weight before all are down to one.
/// </summary>
public sealed record LampCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "lamp";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(w => w.Name, w => Of(w.Encoding), StringComparer.Ordinal);

    private static float[] Of(Encoding encoding)
    {
        float[] magnitudes = Array.ConvertAll(encoding.Decode().Array<float>(), Math.Abs);
        int[] order = new int[magnitudes.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort((float[])magnitudes.Clone(), order);
        var scores = new float[order.Length];
        double above = 0,
            score = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            double square = (double)magnitudes[order[i]] * magnitudes[order[i]];
            above += square;
            // Equal magnitudes have equal scores, so that ties fall as everywhere: to the first.
            if (i == order.Length - 1 || magnitudes[order[i]] != magnitudes[order[i + 1]])
                score = above == 0 ? 0 : square / above;
            scores[order[i]] = (float)score;
        }
        return scores;
    }
}

using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// What may go from one weight: single numbers or blocks, each with its score. What went before is gone for good.
/// </summary>
internal sealed class Candidates
{
    private readonly BlockUnits? blocks;

    private Candidates(Weight weight, float[] scores, BlockUnits? blocks) =>
        (Weight, Scores, this.blocks) = (weight, scores, blocks);

    public Weight Weight { get; }

    /// <summary>A score for each; <see cref="Selection.Gone"/> for what is gone.</summary>
    public float[] Scores { get; }

    public int Count => Scores.Length;

    /// <summary>Those of some weights.</summary>
    /// <exception cref="DecantException">The weights cannot be scored.</exception>
    public static Candidates[] Of(TechniqueContext context, WeightPruningOptions options)
    {
        foreach (Weight weight in context.Weights)
            Check(weight, context.Trains);
        BlockUnits?[] blocks = BlocksOf(context, options);
        float[][] scores = ScoresOf(context, options.Criterion, blocks);
        return
        [
            .. context.Weights.Select(
                (w, i) => new Candidates(w, WithoutGone(w, scores[i], blocks[i], options), blocks[i])
            ),
        ];
    }

    /// <summary>The statistics that scoring them asks for.</summary>
    public static IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context, WeightPruningOptions options)
    {
        BlockUnits?[] blocks = BlocksOf(context, options);
        Weight[] single = [.. context.Weights.Where((_, i) => blocks[i] is null)];
        var units = new JoinedUnits([.. blocks.OfType<BlockUnits>()]);
        return
        [
            .. single.Length == 0 ? [] : options.Criterion.Needs(context with { Weights = single }),
            .. units.Count == 0 ? [] : options.Criterion.Needs(context, units),
        ];
    }

    /// <summary>How many are not gone.</summary>
    public int Left => Selection.Left(Scores);

    /// <summary>How many score at least a threshold; what is zero throughout does not count.</summary>
    public int CountAtLeast(double threshold)
    {
        float[] values = Weight.Encoding.Decode().Array<float>();
        int n = 0;
        for (int i = 0; i < Scores.Length; i++)
            if (
                Scores[i] >= threshold
                && (blocks is null ? values[i] != 0 : blocks.Region(i).Sum(values, Math.Abs) > 0)
            )
                n++;
        return n;
    }

    /// <summary>The row-major positions of numbers that stay when some of these do.</summary>
    /// <param name="kept">Which stay.</param>
    public int[] Positions(int[] kept)
    {
        if (blocks is null)
            return kept;
        var stays = new bool[Weight.Encoding.Count];
        foreach (int block in kept)
            for (var (r, run) = (blocks.Region(block), 0); run < r.Runs; run++)
                stays.AsSpan(r.Offset + run * r.Stride, r.Length).Fill(true);
        if (Weight.Encoding is SparseEncoding sparse)
            return [.. sparse.Positions.ToArray().Where(p => stays[p])];
        return [.. Enumerable.Range(0, stays.Length).Where(p => stays[p])];
    }

    private static BlockUnits?[] BlocksOf(TechniqueContext context, WeightPruningOptions options) =>
        [
            .. context
                .Weights.Select(w => WeightMatrix.Of(context.Network, w))
                .Select(m =>
                    options.UnitIn(m) == (1, 1) && options.Granularity.Kind != GranularityKind.Row
                        ? null
                        : new BlockUnits(context.Network, m, options)
                ),
        ];

    private static float[][] ScoresOf(TechniqueContext context, Criterion criterion, BlockUnits?[] blocks)
    {
        Weight[] single = [.. context.Weights.Where((_, i) => blocks[i] is null)];
        IReadOnlyDictionary<string, float[]> numbers =
            single.Length == 0
                ? new Dictionary<string, float[]>(StringComparer.Ordinal)
                : criterion.Score(context with { Weights = single });
        var units = new JoinedUnits([.. blocks.OfType<BlockUnits>()]);
        double[] sums = units.Count == 0 ? [] : criterion.Score(context, units);
        int next = 0;
        var scores = new float[blocks.Length][];
        for (int i = 0; i < blocks.Length; i++)
        {
            scores[i] = blocks[i] is { } b
                ? Array.ConvertAll(sums[next..(next + b.Count)], s => (float)s)
                : numbers[context.Weights[i].Name];
            next += blocks[i]?.Count ?? 0;
        }
        return scores;
    }

    private static float[] WithoutGone(Weight weight, float[] scores, BlockUnits? blocks, WeightPruningOptions options)
    {
        foreach (float s in scores)
            if (!float.IsFinite(s))
                throw new ModelException(
                    $"criterion '{options.Criterion.Name}' gives {s} for an element of weight '{weight.Name}'"
                );
        scores = options.Normalize == ScoreNormalization.LayerL2 ? Normalized(scores) : scores;
        if (weight.Encoding is not SparseEncoding sparse)
            return scores;
        var left = new float[weight.Encoding.Count];
        foreach (int p in sparse.Positions)
            left[p] = 1;
        return
        [
            .. scores.Select(
                (s, i) => (blocks is null ? left[i] : blocks.Region(i).Sum(left, v => v)) > 0 ? s : Selection.Gone
            ),
        ];
    }

    private static float[] Normalized(float[] scores)
    {
        double norm = Math.Sqrt(scores.Sum(s => (double)s * s));
        return norm == 0 ? scores : Array.ConvertAll(scores, s => (float)(s / norm));
    }

    private static void Check(Weight weight, bool trains)
    {
        if (weight.Encoding is LinearEncoding && trains)
            throw new ModelException(
                $"weight '{weight.Name}' is quantized, and training would not keep its zeros: prune before quantizing, "
                    + "or in a stage without epochs"
            );
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or SparseEncoding or LinearEncoding))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; weight "
                    + "pruning takes floats, sparse floats and quantized weights: prune before clustering"
            );
        FiniteWeights.Of(weight, "pruned");
    }
}

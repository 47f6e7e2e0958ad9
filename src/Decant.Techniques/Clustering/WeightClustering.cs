using Decant.Core;

namespace Decant.Techniques.Clustering;

/// <summary>
/// Replaces each weight of a layer by the nearest of 2^bits centroids, found by k-means (Han, Mao, Dally 2016,
/// section 3), or powers of two. In a pruned weight only the numbers kept are shared, and zero stands apart.
/// </summary>
public sealed class WeightClustering(WeightClusteringOptions options) : Technique<WeightClusteringOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "weight-clustering";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => Plan(w, context))];

    private PlannedChange Plan(Weight weight, TechniqueContext context)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException(
                $"weight '{weight.Name}' holds {weight.Encoding.Type}; weight clustering takes floats"
            );
        bool pruned = weight.Encoding is SparseEncoding or CodebookEncoding { ZeroApart: true };
        int most = (1 << Options.Bits) - (pruned && Options.Bits == 8 ? 1 : 0);
        return PlannedChange.OfWeight(
            weight.Name,
            $"cluster {weight.Encoding.Count:N0} weights to {most} centroids ({Options.Bits} bits)"
                + $"{(pruned ? ", zero apart" : "")}: {How}",
            () => Share(weight, most, context)
        );
    }

    private string How =>
        Options.Centroids == CentroidStart.PowersOfTwo
            ? "powers of two"
            : $"k-means, {Options.Centroids.ToString().ToLowerInvariant()}";

    private CodebookEncoding Share(Weight weight, int most, TechniqueContext context)
    {
        switch (weight.Encoding)
        {
            case SparseEncoding sparse:
                return Share(weight, sparse.Positions, sparse.Values, most, apart: true, context);
            case CodebookEncoding { ZeroApart: true } shared:
                var (positions, values) = Kept(shared);
                return Share(weight, positions, values, most, apart: true, context);
            default:
                return Share(weight, [], weight.Encoding.Decode().Span<float>(), most, apart: false, context);
        }
    }

    /// <summary>Shares values at positions, zero apart, or else at all positions.</summary>
    private CodebookEncoding Share(
        Weight weight,
        ReadOnlySpan<int> positions,
        ReadOnlySpan<float> values,
        int most,
        bool apart,
        TechniqueContext context
    )
    {
        FiniteWeights.Of(weight, "shared");
        float[] centroids =
            Options.Centroids == CentroidStart.PowersOfTwo
                ? PowersOfTwo.Find(values, most, apart)
                : KMeans.Find(
                    values,
                    most,
                    Options.Centroids,
                    Rng.For(context.Seed, "centroids", weight.Name),
                    context.Workers
                );
        return Encode(weight.Encoding.Shape, positions, values, centroids, apart);
    }

    private static (int[] Positions, float[] Values) Kept(CodebookEncoding shared)
    {
        int[] positions = [.. Enumerable.Range(0, shared.Count).Where(i => shared.Indices[i] != 0)];
        return (positions, Array.ConvertAll(positions, i => shared.Codebook[shared.Indices[i]]));
    }

    private static CodebookEncoding Encode(
        Shape shape,
        ReadOnlySpan<int> positions,
        ReadOnlySpan<float> values,
        float[] centroids,
        bool apart
    )
    {
        int first = apart ? 1 : 0;
        var indices = new byte[shape.Count];
        for (int k = 0; k < values.Length; k++)
            indices[apart ? positions[k] : k] = (byte)(first + KMeans.Nearest(centroids, values[k]));
        return new CodebookEncoding(shape, apart ? [0, .. centroids] : centroids, indices, apart);
    }
}

/// <summary>Options of weight clustering.</summary>
public sealed record WeightClusteringOptions : TechniqueOptions
{
    /// <summary>Bits of an index: 2^bits centroids.</summary>
    [OptionRange(1, 8)]
    public required int Bits { get; init; }

    /// <summary>
    /// How the centroids are found: exactly, by Lloyd's algorithm from a start, or as powers of two.
    /// </summary>
    public CentroidStart Centroids { get; init; } = CentroidStart.Exact;
}

/// <summary>How the centroids of a weight are found.</summary>
public enum CentroidStart
{
    /// <summary>The exact optimum of one-dimensional k-means, by dynamic programming.</summary>
    Exact,

    /// <summary>
    /// Lloyd's algorithm from numbers evenly spaced between the least and the largest (Han's choice).
    /// </summary>
    Linear,

    /// <summary>Lloyd's algorithm from evenly spaced quantiles.</summary>
    Density,

    /// <summary>Lloyd's algorithm from numbers drawn from the weight.</summary>
    Random,

    /// <summary>Powers of two, with either sign, and zero: not k-means.</summary>
    PowersOfTwo,
}

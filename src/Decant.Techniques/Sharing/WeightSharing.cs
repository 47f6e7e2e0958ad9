using Decant.Core;

namespace Decant.Techniques.Sharing;

/// <summary>
/// Replaces each number of a weight by the nearest of 2^bits shared ones, found by k-means (Han, Mao, Dally 2016, section 3). In a
/// pruned weight only the numbers kept are clustered, and zero stands apart.
/// </summary>
public sealed class WeightSharing(WeightSharingOptions options, ulong seed) : Technique
{
    /// <inheritdoc/>
    public override string Name => "weight-sharing";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(IReadOnlyList<Weight> weights, double progress) => [.. weights.Select(Plan)];

    private PlannedChange Plan(Weight weight)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException($"weight '{weight.Name}' holds {weight.Encoding.Type}; weight sharing takes floats");
        bool pruned = weight.Encoding is SparseEncoding or CodebookEncoding { ZeroApart: true };
        int most = (1 << options.Bits) - (pruned && options.Bits == 8 ? 1 : 0);
        return new PlannedChange(weight.Name,
            $"share {most} numbers ({options.Bits} bits) among {weight.Encoding.Count:N0} weights{(pruned ? ", zero apart" : "")}: k-means, {options.Start.ToString().ToLowerInvariant()}",
            () => Share(weight, most));
    }

    private CodebookEncoding Share(Weight weight, int most)
    {
        (int[]? positions, float[] values) = weight.Encoding switch
        {
            SparseEncoding sparse => (sparse.Positions.ToArray(), sparse.Values.ToArray()),
            CodebookEncoding { ZeroApart: true } c => Kept(c),
            _ => (null, weight.Encoding.Decode().Array<float>()),
        };
        foreach (float v in values)
            if (!float.IsFinite(v)) throw new ModelException($"weight '{weight.Name}' holds {v}; only finite numbers can be shared");
        float[] centroids = KMeans.Find(values, most, options.Start, Rng.For(seed, "centroids", weight.Name));
        return Encode(weight.Encoding.Shape, positions, values, centroids);
    }

    private static (int[]?, float[]) Kept(CodebookEncoding shared)
    {
        int[] positions = [.. Enumerable.Range(0, shared.Count).Where(i => shared.Indices[i] != 0)];
        return (positions, Array.ConvertAll(positions, i => shared.Codebook[shared.Indices[i]]));
    }

    private static CodebookEncoding Encode(Shape shape, int[]? positions, float[] values, float[] centroids)
    {
        int first = positions is null ? 0 : 1;
        var indices = new byte[shape.Count];
        for (int k = 0; k < values.Length; k++)
            indices[positions?[k] ?? k] = (byte)(first + KMeans.Nearest(centroids, values[k]));
        return new CodebookEncoding(shape, first == 0 ? centroids : [0, .. centroids], indices, zeroApart: first == 1);
    }
}

using Decant.Core;

namespace Decant.Techniques.Clustering;

/// <summary>
/// Replaces each stretch of neighbouring numbers by an entry of a codebook, found by k-means (Gong, Liu, Yang, Bourdev:
/// *Compressing Deep Convolutional Networks using Vector Quantization*, 2014): a codebook for each place of a row is
/// product quantization (Jégou, Douze, Schmid 2011), several stages, each over what the ones before left, residual
/// quantization (Chen, Guan, Wang 2010).
/// </summary>
public sealed class VectorQuantization(VectorQuantizationOptions options)
    : Technique<VectorQuantizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "vector-quantization";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => Plan(w, context.Seed))];

    private PlannedChange Plan(Weight weight, ulong seed)
    {
        var layout = new VectorLayout(
            Options.Length,
            Options.Stages,
            1 << Options.Bits,
            Options.Codebooks == CodebookSharing.Columns
        );
        if (layout.Problem(weight.Encoding.Shape) is { } problem)
            throw new ModelException(
                $"weight '{weight.Name}' of shape {weight.Encoding.Shape}: {problem}; another 'length', "
                    + "fewer 'bits' or 'stages', or 'codebooks: shared' would work"
            );
        string places = layout.PerColumn ? $" at each of {layout.Books(weight.Encoding.Shape)} positions" : "";
        string stages = layout.Stages > 1 ? $", {layout.Stages} stages" : "";
        return PlannedChange.OfWeight(
            weight.Name,
            $"cluster to {layout.Entries} vectors of {layout.Length} weights{places}{stages}: k-means",
            () => Encode(weight, layout, seed)
        );
    }

    private VectorEncoding Encode(Weight weight, VectorLayout layout, ulong seed)
    {
        Shape shape = weight.Encoding.Shape;
        float[] left = (float[])FiniteWeights.Of(weight, "shared").Array<float>().Clone();
        int books = layout.Books(shape),
            vectors = layout.Vectors(shape),
            length = layout.Length;
        var codebooks = new float[layout.CodebookElements(shape)];
        var codes = new byte[layout.Stages * vectors];
        for (int stage = 0; stage < layout.Stages; stage++)
        for (int book = 0; book < books; book++)
        {
            var (entries, own) = VectorKMeans.Find(
                Of(left, book, books, length),
                length,
                layout.Entries,
                Rng.For(seed, "vectors", $"{weight.Name} {stage} {book}")
            );
            entries.CopyTo(codebooks, layout.Entry(stage, book, books, 0) * length);
            for (int k = 0; k < own.Length; k++)
            {
                int vector = k * books + book;
                codes[stage * vectors + vector] = own[k];
                for (int i = 0; i < length; i++)
                    left[vector * length + i] -= entries[own[k] * length + i];
            }
        }
        return new VectorEncoding(shape, layout, codebooks, codes);
    }

    /// <summary>The vectors that a codebook is for.</summary>
    private static float[] Of(float[] values, int book, int books, int length)
    {
        var own = new float[values.Length / books];
        for (int k = 0; k * length < own.Length; k++)
            values.AsSpan((k * books + book) * length, length).CopyTo(own.AsSpan(k * length));
        return own;
    }
}

/// <summary>Options of vector quantization.</summary>
public sealed record VectorQuantizationOptions : TechniqueOptions
{
    /// <summary>Weights in a vector.</summary>
    [OptionRange(1, 65_536)]
    public int Length { get; init; } = 4;

    /// <summary>Bits of a code.</summary>
    [OptionRange(1, 8)]
    public int Bits { get; init; } = 8;

    /// <summary>Codes of a vector.</summary>
    [OptionRange(1, VectorLayout.MostStages)]
    public int Stages { get; init; } = 1;

    /// <summary>Which vectors share a codebook.</summary>
    public CodebookSharing Codebooks { get; init; } = CodebookSharing.Shared;
}

/// <summary>Which vectors of a parameter share a codebook.</summary>
public enum CodebookSharing
{
    /// <summary>All.</summary>
    Shared,

    /// <summary>Those at the same place of their rows (product quantization).</summary>
    Columns,
}

using Decant.Core;

namespace Decant.Techniques.Sharing;

/// <summary>
/// Replaces each stretch of neighbouring numbers by an entry of a codebook, found by k-means (Gong, Liu, Yang, Bourdev:
/// *Compressing Deep Convolutional Networks using Vector Quantization*, 2014): a codebook for each place of a row is
/// product quantization (Jégou, Douze, Schmid 2011), several stages, each over what the ones before left, residual
/// quantization (Chen, Guan, Wang 2010).
/// </summary>
public sealed class VectorQuantization(VectorQuantizationOptions options, ulong seed) : Technique
{
    /// <inheritdoc/>
    public override string Name => "vector-quantization";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [.. context.Weights.Select(Plan)];

    private PlannedChange Plan(Weight weight)
    {
        var layout = new VectorLayout(options.Length, options.Stages, 1 << options.Bits, options.PerColumn);
        if (layout.Problem(weight.Encoding.Shape) is { } problem)
            throw new ModelException(
                $"weight '{weight.Name}' of shape {weight.Encoding.Shape}: {problem}; another 'length', "
                    + "fewer 'bits' or 'stages', or 'codebooks: shared' would work"
            );
        string places = layout.PerColumn ? $" at each of {layout.Books(weight.Encoding.Shape)} places" : "";
        string stages = layout.Stages > 1 ? $", {layout.Stages} stages" : "";
        return PlannedChange.OfWeight(
            weight.Name,
            $"share {layout.Entries} vectors of {layout.Length} numbers{places}{stages}: k-means",
            () => Encode(weight, layout)
        );
    }

    private VectorEncoding Encode(Weight weight, VectorLayout layout)
    {
        Shape shape = weight.Encoding.Shape;
        float[] left = (float[])FiniteWeights.Of(weight, "shared").Array<float>().Clone();
        int books = layout.Books(shape),
            vectors = layout.Vectors(shape),
            length = layout.Length;
        var codebooks = new float[layout.Numbers(shape)];
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
/// <param name="Length">Numbers in a vector.</param>
/// <param name="Bits">Bits of a code.</param>
/// <param name="Stages">Codes of a vector.</param>
/// <param name="PerColumn">Whether each place of a row has its codebook.</param>
public sealed record VectorQuantizationOptions(int Length, int Bits, int Stages, bool PerColumn)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static VectorQuantizationOptions Read(TechniqueOptions options) =>
        new(
            options.Integer("length", 1, 65_536, 4),
            options.Integer("bits", 1, 8, 8),
            options.Integer("stages", 1, VectorLayout.MostStages, 1),
            options.Word("codebooks", "shared", "columns") == "columns"
        );
}

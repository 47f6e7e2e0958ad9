namespace Decant.Core;

/// <summary>
/// Vector quantization (Gong, Liu, Yang, Bourdev 2014): each stretch of a few neighbouring numbers is an entry of a
/// codebook, or the sum of one entry of each of several: product quantization where each place of a row has its
/// codebook, residual quantization where there are several stages.
/// </summary>
public sealed class VectorEncoding : Encoding
{
    private readonly float[] codebooks;
    private readonly byte[] codes;

    /// <summary>Holds codebooks and codes, neither copied.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="layout">How it is cut.</param>
    /// <param name="codebooks">The entries of each stage's codebooks, one after another.</param>
    /// <param name="codes">A code for each vector in row-major order, stage after stage.</param>
    /// <exception cref="ModelException">The layout does not fit the shape, lengths do not fit, or a code is outside its
    /// codebook.</exception>
    public VectorEncoding(Shape shape, VectorLayout layout, float[] codebooks, byte[] codes)
        : base(ElementType.Float32, shape)
    {
        if (layout.Problem(shape) is { } problem)
            throw new ModelException(problem);
        if (codebooks.Length != layout.CodebookElements(shape))
            throw new ModelException($"codebooks of {codebooks.Length} elements, not {layout.CodebookElements(shape)}");
        if (codes.Length != layout.Stages * layout.Vectors(shape))
            throw new ModelException(
                $"{codes.Length} codes for {layout.Stages} stages of {layout.Vectors(shape)} vectors"
            );
        if (
            layout.Entries < CodebookEncoding.MaxEntries
            && codes.AsSpan().ContainsAnyInRange((byte)layout.Entries, (byte)255)
        )
            throw new ModelException($"a code lies outside a codebook of {layout.Entries} entries");
        (Layout, this.codebooks, this.codes) = (layout, codebooks, codes);
    }

    /// <inheritdoc/>
    public override string Kind => "vector";

    /// <summary>How the weight is cut.</summary>
    public VectorLayout Layout { get; }

    /// <summary>The entries of each stage's codebooks, one after another.</summary>
    public ReadOnlySpan<float> Codebooks => codebooks;

    /// <summary>A code for each vector, stage after stage.</summary>
    public ReadOnlySpan<byte> Codes => codes;

    /// <summary>Bits of a number's share of its vector's codes, rounded up.</summary>
    public override int Bits =>
        (int)Math.Ceiling(Layout.Stages * Math.Max(1, Math.Ceiling(Math.Log2(Layout.Entries))) / Layout.Length);

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        int length = Layout.Length,
            vectors = Layout.Vectors(Shape),
            books = Layout.Books(Shape);
        for (int stage = 0, at = 0; stage < Layout.Stages; stage++)
        for (int v = 0; v < vectors; v++, at++)
        {
            ReadOnlySpan<float> entry = codebooks.AsSpan(Layout.Entry(stage, v, books, codes[at]) * length, length);
            Span<float> to = result.AsSpan(v * length, length);
            for (int i = 0; i < length; i++)
                to[i] += entry[i];
        }
        return Tensor.Of(Shape, result);
    }
}

/// <summary>How a weight is cut into vectors, and what codes of these stand for.</summary>
/// <param name="Length">Numbers in a vector: neighbours in a row of the weight, which is what its first axis
/// counts.</param>
/// <param name="Stages">Codes of a vector, whose entries are added up.</param>
/// <param name="Entries">Entries of a codebook, 1 to 256.</param>
/// <param name="PerColumn">Whether vectors at each place of a row have codebooks of their own (product quantization),
/// or all vectors share.</param>
public readonly record struct VectorLayout(int Length, int Stages, int Entries, bool PerColumn)
{
    /// <summary>The most codes of a vector.</summary>
    public const int MostStages = 16;

    /// <summary>Vectors of a weight of a shape.</summary>
    public int Vectors(Shape shape) => (int)shape.Count / Length;

    /// <summary>Codebooks of a stage.</summary>
    public int Books(Shape shape) => PerColumn ? (int)(Row(shape) / Length) : 1;

    /// <summary>Elements of all codebooks.</summary>
    public long CodebookElements(Shape shape) => (long)Stages * Books(shape) * Entries * Length;

    /// <summary>Which entry, of all codebooks one after another, a code stands for.</summary>
    public int Entry(int stage, int vector, int books, int code) => (stage * books + vector % books) * Entries + code;

    private static long Row(Shape shape) => shape.Rank == 0 ? 1 : shape.CountFrom(1);

    /// <summary>Says what is wrong with it for a shape; null if it fits.</summary>
    public string? Problem(Shape shape)
    {
        long row = Row(shape);
        if (shape.Count == 0)
            return "an empty weight has no vectors";
        if (Length < 1 || row % Length != 0)
            return $"vectors of {Length} elements do not fill rows of {row}";
        if (Stages is < 1 or > MostStages)
            return $"{Stages} stages; 1 to {MostStages} are possible";
        if (Entries is < 1 or > CodebookEncoding.MaxEntries)
            return $"codebooks of {Entries} entries; 1 to {CodebookEncoding.MaxEntries} are possible";
        if (Stages * (shape.Count / Length) > Array.MaxLength)
            return $"{Stages} stages of {shape.Count / Length:N0} codes are too many";
        return CodebookElements(shape) > shape.Count
            ? $"codebooks of {CodebookElements(shape):N0} elements for a weight of {shape.Count:N0}"
            : null;
    }
}

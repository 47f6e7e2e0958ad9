namespace Decant.Core;

/// <summary>How a weight is cut into vectors, and what codes of these stand for.</summary>
/// <param name="Length">Numbers in a vector: neighbours in a row of the weight, which is what its first axis counts.</param>
/// <param name="Stages">Codes of a vector, whose entries are added up.</param>
/// <param name="Entries">Entries of a codebook, 1 to 256.</param>
/// <param name="PerColumn">Whether vectors at each place of a row have codebooks of their own (product quantization), or all vectors share.</param>
public readonly record struct VectorLayout(int Length, int Stages, int Entries, bool PerColumn)
{
    /// <summary>The most codes of a vector.</summary>
    public const int MostStages = 16;

    /// <summary>Vectors of a weight of a shape.</summary>
    public int Vectors(Shape shape) => (int)shape.Count / Length;

    /// <summary>Codebooks of a stage.</summary>
    public int Books(Shape shape) => PerColumn ? (int)(Row(shape) / Length) : 1;

    /// <summary>Numbers of all codebooks.</summary>
    public long Numbers(Shape shape) => (long)Stages * Books(shape) * Entries * Length;

    /// <summary>Which entry, of all codebooks one after another, a code stands for.</summary>
    public int Entry(int stage, int vector, int books, int code) => (stage * books + vector % books) * Entries + code;

    private static long Row(Shape shape) => shape.Rank == 0 ? 1 : shape.CountFrom(1);

    /// <summary>Says what is wrong with it for a shape; null if it fits.</summary>
    public string? Problem(Shape shape)
    {
        long row = Row(shape);
        if (shape.Count == 0) return "an empty weight has no vectors";
        if (Length < 1 || row % Length != 0) return $"vectors of {Length} numbers do not fill rows of {row}";
        if (Stages is < 1 or > MostStages) return $"{Stages} stages; 1 to {MostStages} are possible";
        if (Entries is < 1 or > CodebookEncoding.MaxEntries) return $"codebooks of {Entries} entries; 1 to {CodebookEncoding.MaxEntries} are possible";
        if (Stages * (shape.Count / Length) > Array.MaxLength) return $"{Stages} stages of {shape.Count / Length:N0} codes are too many";
        return Numbers(shape) > shape.Count ? $"codebooks of {Numbers(shape):N0} numbers for a weight of {shape.Count:N0}" : null;
    }
}

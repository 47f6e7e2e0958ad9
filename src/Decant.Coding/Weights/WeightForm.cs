using Decant.Core;

namespace Decant.Coding;

/// <summary>What the description says of a weight, so that its payload need not: how it is held, its element type and its shape.</summary>
internal readonly record struct WeightForm(WeightKind Kind, ElementType Type, Shape Shape)
{
    /// <summary>The form of an encoding.</summary>
    /// <exception cref="ModelException">The container cannot hold such an encoding.</exception>
    public static WeightForm Of(Encoding encoding) => new(KindOf(encoding), encoding.Type, encoding.Shape);

    /// <summary>Whether it is small codes and what they stand for, which are always coded by the arithmetic method.</summary>
    public bool IsScaled => Kind is WeightKind.Linear or WeightKind.Ternary or WeightKind.Binary or WeightKind.Vector;

    /// <summary>How many numbers it decodes to.</summary>
    public int Count => (int)Shape.Count;

    private static WeightKind KindOf(Encoding encoding) => encoding switch
    {
        DenseEncoding => WeightKind.Dense,
        SparseEncoding => WeightKind.Sparse,
        CodebookEncoding { ZeroApart: true } => WeightKind.CodebookZeroApart,
        CodebookEncoding => WeightKind.Codebook,
        LinearEncoding => WeightKind.Linear,
        TernaryEncoding => WeightKind.Ternary,
        BinaryEncoding => WeightKind.Binary,
        VectorEncoding => WeightKind.Vector,
        _ => throw new ModelException($"a .dcnt file cannot hold the encoding '{encoding.Kind}'"),
    };
}

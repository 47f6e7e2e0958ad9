namespace Decant.Coding;

/// <summary>The kinds of encodings, numbered as in the container: never renumbered, only added to.</summary>
internal enum WeightKind : byte
{
    Dense = 0,
    Sparse = 1,
    Codebook = 2,
    CodebookZeroApart = 3,
    Linear = 4,
    Ternary = 5,
    Binary = 6,
    Vector = 7,
}

namespace Decant.Core.Operators;

/// <summary>Shapes given as a tensor of integers.</summary>
internal static class Extents
{
    // No tensor has more axes; a file may say so.
    private const int MostRank = 64;

    /// <summary>The shape.</summary>
    /// <exception cref="ModelException">An extent is below 0 or does not fit 32 bits.</exception>
    public static Shape Of(ReadOnlySpan<long> extents)
    {
        var dims = new int[extents.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = extents[i] is >= 0 and <= int.MaxValue
                ? (int)extents[i]
                : throw new ModelException($"an extent of {extents[i]} in a shape; extents are 0 or more");
        return new Shape(dims);
    }

    /// <summary>
    /// A shape of which only the rank is known: as many extents as the vector has that gives them; null if that is not
    /// known either.
    /// </summary>
    /// <param name="vector">The shape of the vector.</param>
    public static Shape? OfLength(Shape? vector) =>
        vector is { Rank: 1, IsKnown: true } v && v[0] <= MostRank ? Open(v[0]) : null;

    /// <summary>
    /// A shape of unknown extents, for a result that parameters decide which are not known; null for rank 0, so that a
    /// shape that is known never hides such parameters.
    /// </summary>
    public static Shape? Open(int rank)
    {
        if (rank == 0)
            return null;
        var dims = new int[rank];
        Array.Fill(dims, Shape.Unknown);
        return new Shape(dims);
    }

    /// <summary>An extent times a factor; unknown if it is.</summary>
    /// <exception cref="ModelException">It does not fit 32 bits.</exception>
    public static int Times(int extent, long factor)
    {
        if (extent < 0)
            return Shape.Unknown;
        return factor == 0 || extent <= int.MaxValue / factor
            ? (int)(extent * factor)
            : throw new ModelException($"an extent of {extent} times {factor} is too large");
    }
}

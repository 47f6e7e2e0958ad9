namespace Decant.Core.Operators;

/// <summary>Shapes given as a tensor of integers.</summary>
internal static class Extents
{
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

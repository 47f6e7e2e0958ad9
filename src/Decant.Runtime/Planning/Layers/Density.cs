namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Whether so few of a weight's numbers are not zero that multiplying by those alone is faster. A number in a sparse product costs as much as
/// a dozen in a dense one whose weights are in the cache, and as much as three whose weights must come from memory.
/// </summary>
internal static class Density
{
    private const double InCache = 0.08, FromMemory = 0.3, Convolution = 0.3, Winograd = 0.1;
    private const long CacheNumbers = 6 << 20;

    /// <summary>Whether a fully connected layer is computed by its non-zero weights.</summary>
    public static bool PaysInProduct(Encoding weight) =>
        weight.NonZeros < (weight.Shape.Count > CacheNumbers ? FromMemory : InCache) * weight.Shape.Count;

    /// <summary>Whether a convolution is computed by its non-zero weights.</summary>
    public static bool PaysInConvolution(Encoding weight, bool insteadOfWinograd) =>
        weight.NonZeros < (insteadOfWinograd ? Winograd : Convolution) * weight.Shape.Count;
}

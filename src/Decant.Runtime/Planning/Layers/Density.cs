using Decant.Runtime.Forms.Codebook;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Whether so few of a weight's numbers are not zero that multiplying by those alone is faster. A number in a sparse product costs as much as
/// a dozen in a dense one whose weights are in the cache, and as much as three whose weights must come from memory.
/// </summary>
internal static class Density
{
    private const double InCache = 0.08, FromMemory = 0.3, Convolution = 0.3, Winograd = 0.1;
    private const long CacheNumbers = 6 << 20, NearNumbers = 256 << 10;

    /// <summary>Whether a fully connected layer is computed by its non-zero weights.</summary>
    public static bool PaysInProduct(Encoding weight) =>
        weight.NonZeros < (weight.Shape.Count > CacheNumbers ? FromMemory : InCache) * weight.Shape.Count;

    /// <summary>Whether a sparse weight is so small that zeros stored beside its numbers cost less than picking inputs one by one.</summary>
    public static bool FitsWindows(Encoding weight) => weight.Shape.Count <= 2 * NearNumbers;

    /// <summary>Whether a sparse product is worth timing.</summary>
    public static bool MayPay(Encoding weight) => weight.NonZeros < weight.Shape.Count / 2;

    /// <summary>Whether a convolution is computed by its non-zero weights.</summary>
    public static bool PaysInConvolution(Encoding weight, bool insteadOfWinograd) =>
        weight.NonZeros < (insteadOfWinograd ? Winograd : Convolution) * weight.Shape.Count;

    /// <summary>Whether a fully connected layer of few rows is computed by looking its weights up: floats would have to come from beyond the nearest caches.</summary>
    public static bool PaysToLookUp(Encoding weight, int rows, VectorWidth width)
    {
        int entries = weight is CodebookEncoding c ? c.Codebook.Length : 1 << weight.Bits;
        return rows < 4 && weight.Shape.Count > NearNumbers && CodebookProduct.Pays(entries, width);
    }

    /// <summary>What a report adds where a compressed weight is computed on as floats, because that is faster.</summary>
    public static string Expanded(Encoding? weight) => weight is null or DenseEncoding ? "" : $", {weight.Kind} expanded";
}

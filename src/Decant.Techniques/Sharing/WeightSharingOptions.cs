using Decant.Core;

namespace Decant.Techniques.Sharing;

/// <summary>Options of weight sharing.</summary>
/// <param name="Bits">Bits of an index: 2^bits shared numbers, 1 to 8 bits.</param>
/// <param name="Start">How the shared numbers are found: exactly, or by Lloyd's algorithm from a start; or powers of two.</param>
public sealed record WeightSharingOptions(int Bits, CentroidStart Start)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static WeightSharingOptions Read(TechniqueOptions options) => new(
        options.Integer("bits", 1, 8),
        options.Word("centroids", "exact", "linear", "density", "random", "powers-of-two") switch
        {
            "linear" => CentroidStart.Linear,
            "density" => CentroidStart.Density,
            "random" => CentroidStart.Random,
            "powers-of-two" => CentroidStart.Powers,
            _ => CentroidStart.Exact,
        });
}

using Decant.Core;

namespace Decant.Techniques.Sharing;

/// <summary>Options of vector quantization.</summary>
/// <param name="Length">Numbers in a vector.</param>
/// <param name="Bits">Bits of a code.</param>
/// <param name="Stages">Codes of a vector.</param>
/// <param name="PerColumn">Whether each place of a row has its codebook.</param>
public sealed record VectorQuantizationOptions(int Length, int Bits, int Stages, bool PerColumn)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static VectorQuantizationOptions Read(TechniqueOptions options) => new(
        options.Integer("length", 1, 65_536, 4), options.Integer("bits", 1, 8, 8), options.Integer("stages", 1, VectorLayout.MostStages, 1),
        options.Word("codebooks", "shared", "columns") == "columns");
}

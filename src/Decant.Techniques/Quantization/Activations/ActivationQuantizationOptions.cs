using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Options of linear quantization of activations.</summary>
/// <param name="Bits">2 to 8.</param>
/// <param name="Scheme">Asymmetric, symmetric, or unsigned.</param>
/// <param name="Range">How ranges are chosen.</param>
/// <param name="Samples">Images to look at.</param>
/// <param name="Skip">Names of nodes that read floats, patterns.</param>
/// <param name="LayersOnly">Whether only layers read from the grid, while sums and pools read floats.</param>
public sealed record ActivationQuantizationOptions(int Bits, QuantizationScheme Scheme, RangeRule Range, int Samples, IReadOnlyList<string> Skip, bool LayersOnly = false)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static ActivationQuantizationOptions Read(TechniqueOptions options) => new(
        options.Integer("bits", LinearGrid.LeastBits, 8, 8),
        options.Word("scheme", "asymmetric", "symmetric", "unsigned") switch
        {
            "symmetric" => QuantizationScheme.Symmetric,
            "unsigned" => QuantizationScheme.Unsigned,
            _ => QuantizationScheme.Asymmetric,
        },
        RangeRules.Read(options, "min-max"),
        options.Integer("samples", 1, 1_000_000, 512),
        options.Names("skip"),
        options.Word("readers", "all", "layers") == "layers");
}

using Decant.Core;

namespace Decant.Techniques.Binarization;

/// <summary>Options of binary activations.</summary>
/// <param name="Scales">Whether a layer's output is multiplied by K, the mean magnitude of what it read.</param>
public sealed record BinaryActivationsOptions(bool Scales)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is wrong.</exception>
    public static BinaryActivationsOptions Read(TechniqueOptions options) => new(options.Word("scale", "mean", "none") == "mean");
}

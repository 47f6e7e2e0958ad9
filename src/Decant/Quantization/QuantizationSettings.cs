using Decant.Training.Data;

namespace Decant.Quantization;

/// <summary>How a network is quantized after training.</summary>
public sealed record QuantizationSettings
{
    /// <summary>Bits of weights, 2 to 16.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of weights by name, where they differ from <see cref="WeightBits"/>; null if none does.</summary>
    public IReadOnlyDictionary<string, int>? BitsOf { get; init; }

    /// <summary>Whether ranges of channels are evened out between layers before.</summary>
    public bool Equalizes { get; init; }

    /// <summary>Bits of activations, 2 to 8; 0 leaves them floats.</summary>
    public int ActivationBits { get; init; } = 8;

    /// <summary>symmetric or asymmetric.</summary>
    public string WeightScheme { get; init; } = "symmetric";

    /// <summary>asymmetric, symmetric or unsigned.</summary>
    public string ActivationScheme { get; init; } = "asymmetric";

    /// <summary>channel or tensor.</summary>
    public string Per { get; init; } = "channel";

    /// <summary>How the ranges of weights are chosen; see <see cref="Techniques.Quantization.RangeRules.Names"/>.</summary>
    public string WeightRange { get; init; } = "mse";

    /// <summary>nearest, or adaptive: so that layers' outputs change least.</summary>
    public string Rounding { get; init; } = "nearest";

    /// <summary>How the ranges of activations are chosen.</summary>
    public string ActivationRange { get; init; } = "min-max";

    /// <summary>Images that activations' ranges, what biases make up for and adaptive rounding are taken from.</summary>
    public int Samples { get; init; } = 512;

    /// <summary>Names of weights, patterns, whose layers stay floats.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Training images that are held out, to choose bits by.</summary>
    public int HoldOut { get; init; }

    /// <summary>Whether biases make up for what rounding weights shifts; with adaptive rounding they always do.</summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>The pixel arithmetic; null for the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }
}

using System.Globalization;
using System.Text;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Recipes;

namespace Decant.Quantization;

/// <summary>
/// Writes settings of quantization as a recipe, which <c>decant compress</c> runs and a person can change.
/// </summary>
public static class QuantizationRecipe
{
    /// <summary>The recipe's YAML.</summary>
    /// <exception cref="DecantException">A setting is unknown.</exception>
    /// <exception cref="ModelException">Nothing is left to quantize, or a pattern to keep matches nothing.</exception>
    public static string Of(Network network, QuantizationSettings settings)
    {
        string[] layers =
        [
            .. network
                .Nodes.Where(n =>
                    n.Operator is LinearOperator
                    && network.Weights.TryGet(n.Inputs[LinearOperator.WeightInput], out Weight? w)
                    && w.IsTrainable
                )
                .Select(n => n.Inputs[LinearOperator.WeightInput])
                .Distinct(),
        ];
        foreach (string pattern in settings.Keep)
            if (!layers.Any(l => NamePattern.Matches(pattern, l)))
                throw new ModelException(
                    $"'{pattern}' matches no layer's weight; there are "
                        + $"{string.Join(", ", layers.Take(8))}{(layers.Length > 8 ? ", …" : "")}"
                );
        string[] chosen = [.. layers.Where(l => !settings.Keep.Any(p => NamePattern.Matches(p, l)))];
        if (chosen.Length == 0)
            throw new ModelException("no weight of a convolution or matrix product is left to quantize");
        IGrouping<int, string>[] groups =
        [
            .. chosen
                .GroupBy(w => settings.BitsOf is { } of && of.TryGetValue(w, out int bits) ? bits : settings.WeightBits)
                .OrderByDescending(g => g.Key),
        ];
        string NameOf(int bits) => groups.Length == 1 ? "weights" : $"weights-{bits}";
        var text = new StringBuilder("recipe: quantize\ndescription: quantizes after training\n");
        if (settings.Preprocessing is { } p)
            text.Append(CultureInfo.InvariantCulture, $"preprocessing: {YamlText.Map(p)}\n");
        if (settings.HoldOut > 0)
            text.Append(CultureInfo.InvariantCulture, $"hold-out: {settings.HoldOut}\n");
        text.Append("techniques:\n  fold: {technique: fold-batch-norm}\n");
        if (settings.Equalizes)
            text.Append("  even: {technique: cross-layer-equalization}\n");
        if (settings.ActivationBits > 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $"  activations: {{technique: activation-quantization, bits: {settings.ActivationBits}, "
                    + $"scheme: {settings.ActivationScheme}, range: {settings.ActivationRange}, samples: "
                    + $"{settings.Samples}, {Named(chosen)}}}\n"
            );
        (string technique, string images) = settings.Rounding switch
        {
            "nearest" => ("linear-quantization", settings.CorrectsBias ? $"bias-correction: {settings.Samples}, " : ""),
            "adaptive" => ("adaptive-rounding", $"samples: {settings.Samples}, "),
            var other => throw new DecantException($"rounding '{other}' is unknown; nearest and adaptive would work"),
        };
        foreach (IGrouping<int, string> group in groups)
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {NameOf(group.Key)}: {{technique: {technique}, bits: {group.Key}, scheme: "
                    + $"{settings.WeightScheme}, per: {settings.Per}, range: {settings.WeightRange}, "
                    + $"{images}{Named(group)}}}\n"
            );
        text.Append("stages:\n  - {name: fold, use: ")
            .Append(settings.Equalizes ? "[fold, even]" : "fold")
            .Append("}\n  - name: quantize\n    use: [")
            .Append(settings.ActivationBits > 0 ? "activations, " : "")
            .AppendJoin(", ", groups.Select(g => NameOf(g.Key)))
            .Append("]\n");
        return text.ToString();
    }

    private static string Named(IEnumerable<string> weights) =>
        $"weights: [{string.Join(", ", weights.Select(w => YamlText.Quoted(WeightPatterns.Exactly(w))))}]";
}

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

    /// <summary>
    /// How the ranges of weights are chosen; see <see cref="Techniques.Quantization.RangeRules.Names"/>.
    /// </summary>
    public string WeightRange { get; init; } = "mse";

    /// <summary>nearest, or adaptive: so that layers' outputs change least.</summary>
    public string Rounding { get; init; } = "nearest";

    /// <summary>How the ranges of activations are chosen.</summary>
    public string ActivationRange { get; init; } = "min-max";

    /// <summary>
    /// Images that activations' ranges, what biases make up for and adaptive rounding are taken from.
    /// </summary>
    public int Samples { get; init; } = 512;

    /// <summary>Names of weights, patterns, whose layers stay floats.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Training images that are held out, to choose bits by.</summary>
    public int HoldOut { get; init; }

    /// <summary>
    /// Whether biases make up for what rounding weights shifts; with adaptive rounding they always do.
    /// </summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>The pixel arithmetic; null for the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decant.Core;
using Decant.Pipelines;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>
/// Quantization parameters as YAML that a person can read and change: scale, zero point and bits of each value, and the
/// scales of each weight.
/// </summary>
/// <example>
/// <code>
/// quantization-parameters: "resnet20"
/// activations:
///   "image": {scale: 0.018658, zero-point: 114, bits: 8}
/// weights:
///   "fc.weight": {bits: 8, scales: "0.0021 0.0019"}
/// </code>
/// </example>
public static class QuantizationParametersFile
{
    private const int MaxLength = 1 << 26;
    private const string What = "a file of quantization parameters";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The YAML of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="of">What they are of, for a person.</param>
    public static string Write(QuantizationParameters parameters, string of)
    {
        var text = new StringBuilder().Append(Plain, $"quantization-parameters: {YamlText.Quoted(of)}\n");
        if (parameters.Activations.Count > 0)
            text.Append("activations:\n");
        foreach (var (name, a) in parameters.Activations)
            text.Append(
                Plain,
                $"  {YamlText.Quoted(name)}: {{scale: {a.Scale:R}, zero-point: {a.ZeroPoint}, bits: {a.Bits}"
                    + $"{(a.IsSigned ? ", signed: true" : "")}}}\n"
            );
        if (parameters.Weights.Count > 0)
            text.Append("weights:\n");
        foreach (var (name, w) in parameters.Weights)
        {
            string scales = string.Join(' ', w.Scales.Select(s => s.ToString("R", Plain)));
            text.Append(Plain, $"  {YamlText.Quoted(name)}: {{bits: {w.Bits}, scales: \"{scales}\"");
            if (w.ZeroPoints.Length > 0)
                text.Append(Plain, $", zero-points: \"{string.Join(' ', w.ZeroPoints)}\"");
            text.Append("}\n");
        }
        return text.ToString();
    }

    /// <summary>Reads a file of parameters.</summary>
    /// <exception cref="DecantException">It is not there, too long, or wrong; the line is named.</exception>
    public static QuantizationParameters Load(string path) =>
        Read(YamlText.ReadFile(path, MaxLength, What, "decant quantize"), path);

    /// <summary>Reads parameters.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="RecipeException">A key is unknown or missing, or a value wrong; the line is named.</exception>
    public static QuantizationParameters Read(string text, string file)
    {
        if (text.Length > MaxLength)
            throw new RecipeException(file, 1, $"the file is longer than {MaxLength} characters");
        var map = new YamlMap(YamlText.Root(text, file, What), file, What);
        map.Text("quantization-parameters");
        var activations = Values(map.Map("activations"), Activation);
        var weights = Values(map.Map("weights"), Weight);
        map.EnsureAllKnown();
        return new QuantizationParameters(activations, weights);
    }

    private static ImmutableSortedDictionary<string, T> Values<T>(YamlMap? map, Func<YamlMap, T> read)
    {
        if (map is null)
            return ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
        return map.Keys.ToImmutableSortedDictionary(
            k => k,
            k =>
            {
                YamlMap value = map.Map(k)!;
                T made = read(value);
                value.EnsureAllKnown();
                return made;
            },
            StringComparer.Ordinal
        );
    }

    private static ActivationParameters Activation(YamlMap map)
    {
        int bits = map.Integer("bits", LinearGrid.LeastBits, 8, 8);
        bool isSigned = map.Text("signed", "false") switch
        {
            "true" => true,
            "false" => false,
            var other => throw map.Error("signed", $"'signed: {other}' must be true or false"),
        };
        (int least, int greatest) = isSigned ? (1 - (1 << (bits - 1)), (1 << (bits - 1)) - 1) : (0, (1 << bits) - 1);
        return new ActivationParameters(
            Scale(map, "scale", map.Text("scale")),
            Code(map, "zero-point", map.Text("zero-point", "0"), least, greatest),
            bits,
            isSigned
        );
    }

    private static WeightParameters Weight(YamlMap map)
    {
        int bits = map.Integer("bits", LinearGrid.LeastBits, LinearGrid.MostBits, 8),
            half = 1 << (bits - 1);
        ImmutableArray<float> scales =
        [
            .. Parts(map, "scales", map.Text("scales")).Select(s => Scale(map, "scales", s)),
        ];
        ImmutableArray<int> zeros =
        [
            .. Parts(map, "zero-points", map.Text("zero-points", ""))
                .Select(z => Code(map, "zero-points", z, -half, half - 1)),
        ];
        if (zeros.Length > 0 && zeros.Length != scales.Length)
            throw map.Error("zero-points", $"there are {scales.Length} scales and {zeros.Length} zero points");
        return new WeightParameters(bits, scales, zeros);
    }

    private static string[] Parts(YamlMap map, string key, string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 || key != "scales" ? parts : throw map.Error(key, "'scales' holds no scale");
    }

    private static int Code(YamlMap map, string key, string text, int least, int greatest) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, Plain, out int code) && code >= least && code <= greatest
            ? code
            : throw map.Error(key, $"'{text}' is no zero point, a whole number from {least} to {greatest}");

    private static float Scale(YamlMap map, string key, string text) =>
        float.TryParse(text, NumberStyles.Float, Plain, out float scale) && float.IsFinite(scale) && scale > 0
            ? scale
            : throw map.Error(key, $"'{text}' is no scale, a number above 0");
}

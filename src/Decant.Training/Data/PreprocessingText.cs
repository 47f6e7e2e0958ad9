using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Training.Data;

/// <summary>The text form of <see cref="Preprocessing"/>.</summary>
internal static class PreprocessingText
{
    public static Preprocessing Parse(string text)
    {
        var result = Preprocessing.None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2) throw new DataException($"preprocessing: '{part}' is not key=value");
            if (!seen.Add(pair[0])) throw new DataException($"preprocessing: '{pair[0]}' is given twice");
            result = With(result, pair[0], pair[1]);
        }
        return result.Validated();
    }

    /// <summary>1/n where that is the number exactly, since people write and recognize 1/255.</summary>
    public static string Fraction(float value)
    {
        float whole = MathF.Round(1 / value);
        return whole is > 1 and < 1 << 24 && 1 / whole == value
            ? $"1/{(int)whole}"
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static Preprocessing With(Preprocessing p, string key, string value) => key switch
    {
        "scale" => p with { Scale = Number(key, value) },
        "mean" => p with { Mean = Numbers(key, value) },
        "std" => p with { Std = Numbers(key, value) },
        "channels" => p with { Channels = Order(value) },
        _ => throw new DataException($"preprocessing: '{key}' is not known; known are scale, mean, std, channels"),
    };

    private static ChannelOrder Order(string value) => value switch
    {
        "rgb" => ChannelOrder.Rgb,
        "bgr" => ChannelOrder.Bgr,
        _ => throw new DataException($"preprocessing: channels is '{value}'; rgb and bgr are known"),
    };

    private static ImmutableArray<float> Numbers(string key, string value) => [.. value.Split(',').Select(v => Number(key, v))];

    private static float Number(string key, string value)
    {
        string[] parts = value.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length == 1 && TryRead(parts[0], out float number)) return number;
        if (parts.Length == 2 && TryRead(parts[0], out float over) && TryRead(parts[1], out float under) && under != 0) return over / under;
        throw new DataException($"preprocessing: {key} has '{value.Trim()}', which is neither a number nor a fraction such as 1/255");
    }

    private static bool TryRead(string text, out float number) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}

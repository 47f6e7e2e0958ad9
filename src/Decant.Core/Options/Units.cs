using System.Globalization;

namespace Decant.Core;

/// <summary>Reads quantities that people write with a unit: shares such as 0.5% and sizes such as 100kB.</summary>
public static class Units
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint;

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];

    /// <summary>Reads a share: a number such as 0.005, or a percentage such as 0.5%.</summary>
    /// <param name="text">The text.</param>
    /// <param name="share">The share; 0.5% is 0.005.</param>
    /// <returns>Whether the text is a number or a percentage.</returns>
    public static bool TryReadShare(string text, out double share)
    {
        text = text.Trim();
        if (!text.EndsWith('%'))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out share);
        // Decimal arithmetic makes 99.9% the same number as 0.999.
        bool isNumber = decimal.TryParse(
            text.AsSpan(0, text.Length - 1).Trim(),
            Plain,
            CultureInfo.InvariantCulture,
            out decimal percent
        );
        share = (double)(percent / 100);
        return isNumber;
    }

    /// <summary>Reads a size in bytes: a whole number, or a number with B, kB, MB, GB, KiB, MiB or GiB.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The size, rounded to whole bytes.</param>
    /// <returns>Whether the text is a size.</returns>
    public static bool TryReadBytes(string text, out long bytes)
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes))
            return true;
        foreach (var (unit, factor) in Sizes)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            string number = text[..^unit.Length].Trim();
            if (!decimal.TryParse(number, Plain, CultureInfo.InvariantCulture, out decimal count))
                return false;
            if (count > long.MaxValue / factor)
                return false;
            bytes = (long)Math.Round(count * factor);
            return true;
        }
        return false;
    }
}

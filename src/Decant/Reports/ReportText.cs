using System.Globalization;

namespace Decant.Reports;

/// <summary>Numbers as tables show them.</summary>
public static class ReportText
{
    /// <summary>A number as written everywhere, whatever the system's language.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">A format of .NET's.</param>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A whole number with commas between thousands.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A time in milliseconds, with as many digits as tell short ones apart.</summary>
    public static string Milliseconds(double value) =>
        Number(
            value,
            value < 1 ? "0.0000"
                : value < 100 ? "0.00"
                : "0"
        );

    /// <summary>A part of a whole in percent; empty where there is no whole.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? "" : Number(100.0 * part / whole, "0.0");
}

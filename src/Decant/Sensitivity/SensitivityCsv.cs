using System.Globalization;
using System.Text;

namespace Decant.Sensitivity;

/// <summary>An analysis as comma-separated values (RFC 4180): weight (or group), level, kept, of, accuracy, top5, images; a line a point.</summary>
public static class SensitivityCsv
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The table, with a head.</summary>
    public static string Of(SensitivityReport report)
    {
        var text = new StringBuilder($"{report.Subject},level,kept,of,accuracy,top5,images\n");
        foreach (SensitivityCurve curve in report.Curves)
            foreach (SensitivityPoint p in curve.Points)
                text.Append(Plain, $"{Quoted(curve.Name)},{p.Level},{p.Kept},{curve.Of},{p.Accuracy:0.######},{p.Top5:0.######},{report.Reference.Count}\n");
        return text.ToString();
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

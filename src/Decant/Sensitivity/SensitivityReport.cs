using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Decant.Data;

namespace Decant.Sensitivity;

/// <summary>What an analysis found.</summary>
/// <param name="Data">What the data set is called.</param>
/// <param name="Seed">The seed that decided which of its training examples were held out.</param>
/// <param name="Reference">The score of the network as it is; its count is that of the examples every point is measured
/// on.</param>
/// <param name="Structured">Whether groups of channels were pruned; if not, weights.</param>
/// <param name="Curves">A curve for each, in the network's order.</param>
public sealed record SensitivityReport(
    string Data,
    ulong Seed,
    Score Reference,
    bool Structured,
    ImmutableArray<SensitivityCurve> Curves
)
{
    /// <summary>Values that differ by no more are the same: a share minus another is not exact.</summary>
    internal const double Rounding = 1e-9;

    /// <summary>What was measured on, in words.</summary>
    public string Images =>
        $"{Reference.Count.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} training "
        + $"examples of {Data}, the validation set (seed {Seed})";

    /// <summary>What a curve is of, in a word.</summary>
    public string Subject => Structured ? "group" : "weight";

    /// <summary>What it has many of, in a word.</summary>
    public string Parts => Structured ? "channels" : "parameters";

    /// <summary>The highest level at which a curve is still within a point of the reference.</summary>
    public double WithinOnePoint(SensitivityCurve curve) =>
        curve.HighestLevel(Reference.Primary.Goodness - Reference.Primary.Point);
}

/// <summary>How the primary metric falls as one weight, or one group of channels, is pruned alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">How many parameters or channels it has.</param>
/// <param name="Weights">The weights by which a recipe names it: itself, or those that make the channels.</param>
/// <param name="Points">The measurements, by rising level; the first is at level 0.</param>
public sealed record SensitivityCurve(
    string Name,
    long Of,
    ImmutableArray<string> Weights,
    ImmutableArray<SensitivityPoint> Points
)
{
    /// <summary>
    /// The highest measured level up to which no <see cref="MetricValue.Goodness"/> is below one asked for; 0 if the
    /// first already is.
    /// </summary>
    public double HighestLevel(double goodness)
    {
        double highest = 0;
        foreach (SensitivityPoint p in Points)
        {
            if (p.Goodness < goodness - SensitivityReport.Rounding)
                break;
            highest = p.Level;
        }
        return highest;
    }
}

/// <summary>What a network does with one of its weights or groups of channels pruned to a level.</summary>
/// <param name="Level">The share of it that was asked to go, 0 to 1.</param>
/// <param name="Kept">How many of its parameters are not zero, or of its channels remain.</param>
/// <param name="Score">How well the network does.</param>
public sealed record SensitivityPoint(double Level, long Kept, Score Score)
{
    /// <summary>The primary metric's value.</summary>
    [JsonIgnore]
    public double Value => Score.Primary.Value;

    /// <summary>The primary metric's value such that more is better.</summary>
    [JsonIgnore]
    public double Goodness => Score.Primary.Goodness;
}

/// <summary>
/// An analysis as comma-separated values (RFC 4180): weight (or group), level, kept, of, a column for each metric,
/// examples; a line for each point.
/// </summary>
public static class SensitivityCsv
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The table, with a head.</summary>
    public static string Of(SensitivityReport report)
    {
        string metrics = string.Join(',', report.Reference.Values.Select(v => Quoted(v.Name)));
        var text = new StringBuilder($"{report.Subject},level,kept,of,{metrics},examples\n");
        foreach (SensitivityCurve curve in report.Curves)
        foreach (SensitivityPoint p in curve.Points)
            text.Append(
                Plain,
                $"{Quoted(curve.Name)},{p.Level},{p.Kept},{curve.Of},{Values(p)},{report.Reference.Count}\n"
            );
        return text.ToString();
    }

    private static string Values(SensitivityPoint point) =>
        string.Join(',', point.Score.Values.Select(v => v.Value.ToString("0.######", Plain)));

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

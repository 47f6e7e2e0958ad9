using System.Collections.Immutable;

namespace Decant.Sensitivity;

/// <summary>How accuracy falls as one weight alone is pruned.</summary>
/// <param name="Name">The weight's name.</param>
/// <param name="Of">How many numbers it has.</param>
/// <param name="Points">The measurements, by rising level; the first is at level 0.</param>
public sealed record SensitivityCurve(string Name, long Of, ImmutableArray<SensitivityPoint> Points)
{
    /// <summary>The highest measured level up to which no accuracy is below one asked for; 0 if the first already is.</summary>
    public double HighestLevel(double accuracy)
    {
        double highest = 0;
        foreach (SensitivityPoint p in Points)
        {
            if (p.Accuracy < accuracy - SensitivityReport.Rounding) break;
            highest = p.Level;
        }
        return highest;
    }
}

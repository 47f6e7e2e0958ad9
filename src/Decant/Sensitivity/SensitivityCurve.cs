using System.Collections.Immutable;

namespace Decant.Sensitivity;

/// <summary>How accuracy falls as one weight, or one group of channels, is pruned alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">How many numbers or channels it has.</param>
/// <param name="Weights">The weights by which a recipe names it: itself, or those that make the channels.</param>
/// <param name="Points">The measurements, by rising level; the first is at level 0.</param>
public sealed record SensitivityCurve(string Name, long Of, ImmutableArray<string> Weights, ImmutableArray<SensitivityPoint> Points)
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

using System.Collections.Immutable;
using Decant.Training;

namespace Decant.Sensitivity;

/// <summary>What an analysis found.</summary>
/// <param name="Data">What the data set is called.</param>
/// <param name="Seed">The seed that decided which of its training images were held apart.</param>
/// <param name="Reference">The score of the network as it is; its count is that of the images every point is measured on.</param>
/// <param name="Structured">Whether groups of channels were pruned; if not, weights.</param>
/// <param name="Curves">A curve for each, in the network's order.</param>
public sealed record SensitivityReport(string Data, ulong Seed, Score Reference, bool Structured, ImmutableArray<SensitivityCurve> Curves)
{
    /// <summary>Accuracies that differ by no more are the same: a share of images minus another is not exact.</summary>
    internal const double Rounding = 1e-9;

    /// <summary>What was measured on, in words.</summary>
    public string Images => $"{Reference.Count.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} training images of {Data} held apart (seed {Seed})";

    /// <summary>What a curve is of, in a word.</summary>
    public string Subject => Structured ? "group" : "weight";

    /// <summary>What it has many of, in a word.</summary>
    public string Parts => Structured ? "channels" : "numbers";

    /// <summary>The highest level at which a curve is still within a point of the reference.</summary>
    public double WithinOnePoint(SensitivityCurve curve) => curve.HighestLevel(Reference.Accuracy - 0.01);
}

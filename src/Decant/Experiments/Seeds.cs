using System.Globalization;

namespace Decant.Experiments;

/// <summary>One measurement over several seeds.</summary>
internal sealed record Seeds(IReadOnlyList<double> Values)
{
    /// <summary>The mean.</summary>
    public double Mean => Values.Average();

    /// <summary>The largest less the smallest.</summary>
    public double Spread => Values.Max() - Values.Min();

    /// <summary>The smallest and the largest, as a row's name shows them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Values.Min():0.00} to {Values.Max():0.00}");
}

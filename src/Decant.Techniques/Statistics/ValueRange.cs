namespace Decant.Techniques.Statistics;

/// <summary>What a grid should cover; what lies outside is clipped.</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value.</param>
public readonly record struct ValueRange(double Low, double High)
{
    /// <summary>The greater of the two magnitudes.</summary>
    public double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The range with 0 in it, which every grid represents.</summary>
    public ValueRange WithZero => new(Math.Min(Low, 0), Math.Max(High, 0));

    /// <summary>Both ends times a factor.</summary>
    public ValueRange Times(double factor) => new(Low * factor, High * factor);
}

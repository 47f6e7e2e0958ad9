namespace Decant.Experiments;

/// <summary>What a method costs at one setting.</summary>
/// <param name="What">The setting.</param>
/// <param name="Ratio">How many times smaller than 32-bit floats.</param>
/// <param name="Error">Percent.</param>
internal sealed record RatePoint(string What, double Ratio, double Error);

namespace Decant.Sensitivity;

/// <summary>The level chosen for a weight.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Level">The level, 0 to 1.</param>
public sealed record ChosenLevel(string Weight, double Level);

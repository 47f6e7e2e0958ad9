namespace Decant.Sensitivity;

/// <summary>The level chosen for a weight or group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">The level, 0 to 1.</param>
public sealed record ChosenLevel(string Name, double Level);

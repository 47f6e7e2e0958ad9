namespace Decant.Sensitivity;

/// <summary>Where an analysis is.</summary>
/// <param name="What">What is measured: a weight's name, or the levels of a recipe together.</param>
/// <param name="Done">The share of measurements done, 0 to 1.</param>
public sealed record SensitivityProgress(string What, double Done);

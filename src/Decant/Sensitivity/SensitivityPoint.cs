namespace Decant.Sensitivity;

/// <summary>What a network does with one of its weights or groups of channels pruned to a level.</summary>
/// <param name="Level">The share of it that was asked to go, 0 to 1.</param>
/// <param name="Kept">How many of its numbers are not zero, or of its channels are left.</param>
/// <param name="Accuracy">The network's accuracy, 0 to 1.</param>
/// <param name="Top5">Its top-5 accuracy, 0 to 1.</param>
public sealed record SensitivityPoint(double Level, long Kept, double Accuracy, double Top5);

namespace Decant.Sensitivity;

/// <summary>What a network does with one of its weights pruned to a level.</summary>
/// <param name="Level">The share of the weight that was asked to be zero, 0 to 1.</param>
/// <param name="Kept">How many of its numbers are not zero.</param>
/// <param name="Accuracy">The network's accuracy, 0 to 1.</param>
/// <param name="Top5">Its top-5 accuracy, 0 to 1.</param>
public sealed record SensitivityPoint(double Level, long Kept, double Accuracy, double Top5);

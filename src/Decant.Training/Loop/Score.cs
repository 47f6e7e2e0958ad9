namespace Decant.Training;

/// <summary>How well a network classifies.</summary>
/// <param name="Accuracy">The share of images whose class has the largest output, 0 to 1.</param>
/// <param name="Top5">The share whose class is among the five largest outputs.</param>
/// <param name="Count">How many images.</param>
public sealed record Score(double Accuracy, double Top5, int Count)
{
    /// <summary>The error in percent: 100 × (1 − accuracy).</summary>
    public double Error => 100 * (1 - Accuracy);
}

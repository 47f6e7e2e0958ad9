namespace Decant.Runtime.Stages;

/// <summary>How a row is normalized.</summary>
/// <param name="Count">Numbers in the row.</param>
/// <param name="Run">How many neighbours share a factor.</param>
/// <param name="Centered">Whether the mean is taken off.</param>
/// <param name="Epsilon">Added to the mean square.</param>
internal readonly record struct NormalizedRow(int Count, int Run, bool Centered, float Epsilon);

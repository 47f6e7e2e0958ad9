namespace Decant.Runtime.Planning;

/// <summary>What a plan is made for.</summary>
/// <param name="Width">How wide vectors are.</param>
/// <param name="Threads">The most threads that a run uses.</param>
/// <param name="MaxValueBytes">The most bytes that values may take at once.</param>
/// <param name="Measure">Whether forms are chosen by timing them; else by rules.</param>
internal sealed record PlanOptions(VectorWidth Width, int Threads, long MaxValueBytes, bool Measure);

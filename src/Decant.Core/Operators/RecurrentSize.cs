namespace Decant.Core.Operators;

/// <summary>The extents of a recurrent operator's run.</summary>
/// <param name="Steps">Steps of the longest sequence.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Input">Numbers a step reads.</param>
/// <param name="Hidden">Numbers of the hidden state.</param>
public readonly record struct RecurrentSize(int Steps, int Batch, int Input, int Hidden);

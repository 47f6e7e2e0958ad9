using System.Collections.Immutable;

namespace Decant.Techniques.Pruning;

/// <summary>Slices of a computed value along an axis.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Axis">The axis, from 0 at the batch.</param>
/// <param name="Indices">Which indices of it.</param>
public sealed record ValueRegion(string Value, int Axis, ImmutableArray<int> Indices);

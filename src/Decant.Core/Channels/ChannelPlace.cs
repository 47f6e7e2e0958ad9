using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>Where a channel lies in a value that is computed.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Indices">The places along the axis, rising.</param>
public sealed record ChannelPlace(string Value, int Axis, ImmutableArray<int> Indices);

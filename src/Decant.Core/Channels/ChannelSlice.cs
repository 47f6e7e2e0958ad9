using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>The part of a weight that is cut with a channel.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Axis">The axis along which it is cut.</param>
/// <param name="Indices">The places along the axis, rising; several where a channel was flattened or has gates.</param>
/// <param name="Role">What it is to the channel.</param>
public sealed record ChannelSlice(string Weight, int Axis, ImmutableArray<int> Indices, ChannelRole Role);

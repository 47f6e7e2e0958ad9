using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// What is kept or cut whole: one channel, with those of other layers that are added to it or computed from it one by
/// one.
/// </summary>
public sealed class Channel
{
    internal Channel(int root, IReadOnlyList<ChannelSlice> members, IReadOnlyList<ChannelPlace> values) =>
        (Root, Members, Values) = (root, members, values);

    /// <summary>The slices of weights that belong to it, in the order of the weights.</summary>
    public IReadOnlyList<ChannelSlice> Members { get; }

    /// <summary>Where it lies in computed values, in the order in which they are computed.</summary>
    public IReadOnlyList<ChannelPlace> Values { get; }

    /// <summary>The mark that all its places have.</summary>
    internal int Root { get; }
}

/// <summary>The part of a weight that is pruned with a channel.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Axis">The axis along which it is pruned.</param>
/// <param name="Indices">The places along the axis, rising; several where a channel was flattened or has gates.</param>
/// <param name="Role">What it is to the channel.</param>
public sealed record ChannelSlice(string Weight, int Axis, ImmutableArray<int> Indices, ChannelRole Role);

/// <summary>Where a channel lies in a value that is computed.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Indices">The places along the axis, rising.</param>
public sealed record ChannelPlace(string Value, int Axis, ImmutableArray<int> Indices);

/// <summary>What a slice of a weight is to a channel.</summary>
public enum ChannelRole
{
    /// <summary>
    /// It makes the channel: a filter, a bias, a batch norm's scale. Set to zero, it adds nothing to it.
    /// </summary>
    Producer,

    /// <summary>It goes with the channel and is never set to zero: a running mean or variance, a divisor.</summary>
    Companion,

    /// <summary>A later layer reads the channel with it. Set to zero, the channel counts for nothing there.</summary>
    Consumer,
}

namespace Decant.Core;

/// <summary>What is kept or cut whole: one channel, with those of other layers that are added to it or computed from it one by one.</summary>
public sealed class Channel
{
    internal Channel(int root, IReadOnlyList<ChannelSlice> members, IReadOnlyList<ChannelPlace> values) => (Root, Members, Values) = (root, members, values);

    /// <summary>The slices of weights that belong to it, in the order of the weights.</summary>
    public IReadOnlyList<ChannelSlice> Members { get; }

    /// <summary>Where it lies in computed values, in the order in which they are computed.</summary>
    public IReadOnlyList<ChannelPlace> Values { get; }

    /// <summary>The mark that all its places have.</summary>
    internal int Root { get; }
}

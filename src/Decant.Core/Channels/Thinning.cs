using Decant.Core.Channels;

namespace Decant.Core;

/// <summary>Prunes channels out of a network: what comes out is an ordinary, smaller network.</summary>
public static class Thinning
{
    /// <summary>Prunes channels.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kept">For groups, by name, whether each channel is kept; groups that are not named stay
    /// whole.</param>
    /// <returns>The network without the channels: it computes what
    /// <see cref="ChannelMask.Apply(Network, IReadOnlyDictionary{string, bool[]})"/>
    /// of the same channels computes. Weights keep the kind of their encoding.</returns>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, has another number of channels, or a layer
    /// would be pruned to nothing.</exception>
    public static Network Keep(Network network, IReadOnlyDictionary<string, bool[]> kept) =>
        Keep(ChannelGroups.Of(network), kept);

    /// <summary>Prunes channels of groups that were found already.</summary>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, has another number of channels, or a layer
    /// would be pruned to nothing.</exception>
    public static Network Keep(ChannelGroups groups, IReadOnlyDictionary<string, bool[]> kept)
    {
        Channel[] cut = CutChannels.Of(groups, kept);
        return cut.Length == 0 ? groups.Network : new ThinnedNetwork(groups.Flow, [.. cut.Select(c => c.Root)]).Build();
    }
}

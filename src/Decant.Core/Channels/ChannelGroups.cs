using System.Collections;
using Decant.Core.Channels;

namespace Decant.Core;

/// <summary>
/// The channels of a network that can be pruned, and those that cannot, in groups: what is coupled by residual sums,
/// depthwise and grouped convolutions, shared weights or the gates of a recurrent cell is one channel, and layers that
/// share channels are one group. A group can be pruned by <see cref="Thinning"/>, or set to zero by
/// <see cref="ChannelMask"/>.
/// </summary>
public sealed class ChannelGroups : IReadOnlyList<ChannelGroup>
{
    private readonly IReadOnlyList<ChannelGroup> groups;
    private readonly Dictionary<string, ChannelGroup> byName;

    private ChannelGroups(ChannelFlow flow, IReadOnlyList<ChannelGroup> groups)
    {
        (Flow, this.groups) = (flow, groups);
        byName = groups.ToDictionary(g => g.Name, StringComparer.Ordinal);
    }

    /// <summary>The network whose channels they are.</summary>
    public Network Network => Flow.Network;

    /// <inheritdoc/>
    public int Count => groups.Count;

    /// <inheritdoc/>
    public ChannelGroup this[int index] => groups[index];

    /// <summary>The group of a name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public ChannelGroup this[string name] =>
        byName.TryGetValue(name, out ChannelGroup? group)
            ? group
            : throw new ModelException(
                $"the network has no group of channels '{name}'; there are "
                    + $"{string.Join(", ", groups.Select(g => g.Name))}"
            );

    internal ChannelFlow Flow { get; }

    /// <summary>Finds the channels of a network; groups are in the order in which it runs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="unit">What is one channel where attention heads are split.</param>
    /// <exception cref="ModelException">The network's shapes do not fit.</exception>
    public static ChannelGroups Of(Network network, AttentionUnit unit = AttentionUnit.Dimension)
    {
        ChannelFlow flow = ChannelFlow.Of(network, unit);
        return new ChannelGroups(flow, new ChannelGrouping(flow).Groups());
    }

    /// <summary>What groups keep, from what single layers keep; a channel that no layer named makes is kept.</summary>
    /// <param name="kept">For each layer, by its node's name, whether each of its output channels is kept.</param>
    /// <returns>For each group that a layer named belongs to, whether each of its channels is kept.</returns>
    /// <exception cref="ModelException">A layer is not known, a length does not fit, or of two coupled channels one
    /// alone is kept.</exception>
    public IReadOnlyDictionary<string, bool[]> FromLayers(IReadOnlyDictionary<string, bool[]> kept) =>
        LayerSelection.ToGroups(this, kept);

    /// <inheritdoc/>
    public IEnumerator<ChannelGroup> GetEnumerator() => groups.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// Channels that are weighed against each other: those of one layer, and of the layers that are coupled with it, as by
/// a residual sum.
/// </summary>
public sealed class ChannelGroup
{
    internal ChannelGroup(string name, IReadOnlyList<Channel> channels, IReadOnlyList<string> layers, string? fixedBy)
    {
        (Name, Channels, Layers, FixedBy) = (name, channels, layers, fixedBy);
        Producers = Weights(ChannelRole.Producer);
        Consumers = Weights(ChannelRole.Consumer);
    }

    /// <summary>
    /// The name of the node that makes its channels first, or of that node's output where nodes share a name.
    /// </summary>
    public string Name { get; }

    /// <summary>How many channels it has.</summary>
    public int Count => Channels.Count;

    /// <summary>
    /// The channels, in the order of the layer that makes them first; others that coupled layers add follow.
    /// </summary>
    public IReadOnlyList<Channel> Channels { get; }

    /// <summary>Names of the nodes that make its channels, in the order in which they run.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Names of the weights that make its channels.</summary>
    public IReadOnlyList<string> Producers { get; }

    /// <summary>Names of the weights that read its channels.</summary>
    public IReadOnlyList<string> Consumers { get; }

    /// <summary>
    /// What does not let its channels be cut; null if nothing does. One channel that cannot be cut keeps the whole
    /// group.
    /// </summary>
    public string? FixedBy { get; }

    /// <summary>Whether its channels cannot be pruned.</summary>
    public bool IsFixed => FixedBy is not null;

    /// <inheritdoc/>
    public override string ToString() => $"group '{Name}' of {Count} channels";

    private string[] Weights(ChannelRole role) =>
        [
            .. Channels
                .SelectMany(c => c.Members)
                .Where(m => m.Role == role)
                .Select(m => m.Weight)
                .Distinct(StringComparer.Ordinal),
        ];
}

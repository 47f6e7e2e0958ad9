namespace Decant.Core;

/// <summary>Channels that are weighed against each other: those of one layer, and of the layers that are coupled with it, as by a residual sum.</summary>
public sealed class ChannelGroup
{
    internal ChannelGroup(string name, IReadOnlyList<Channel> channels, IReadOnlyList<string> layers, string? fixedBy)
    {
        (Name, Channels, Layers, FixedBy) = (name, channels, layers, fixedBy);
        Producers = Weights(ChannelRole.Producer);
        Consumers = Weights(ChannelRole.Consumer);
    }

    /// <summary>The name of the node that makes its channels first, or of that node's output where nodes share a name.</summary>
    public string Name { get; }

    /// <summary>How many channels it has.</summary>
    public int Count => Channels.Count;

    /// <summary>The channels, in the order of the layer that makes them first; others that coupled layers add follow.</summary>
    public IReadOnlyList<Channel> Channels { get; }

    /// <summary>Names of the nodes that make its channels, in the order in which they run.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Names of the weights that make its channels.</summary>
    public IReadOnlyList<string> Producers { get; }

    /// <summary>Names of the weights that read its channels.</summary>
    public IReadOnlyList<string> Consumers { get; }

    /// <summary>What does not let its channels be cut; null if nothing does. One channel that cannot be cut keeps the whole group.</summary>
    public string? FixedBy { get; }

    /// <summary>Whether its channels cannot be cut.</summary>
    public bool IsFixed => FixedBy is not null;

    /// <inheritdoc/>
    public override string ToString() => $"group '{Name}' of {Count} channels";

    private string[] Weights(ChannelRole role) => [.. Channels.SelectMany(c => c.Members).Where(m => m.Role == role).Select(m => m.Weight).Distinct()];
}

using System.Collections.Immutable;
using Decant.Core.Channels.Constants;

namespace Decant.Core;

/// <summary>
/// Removes channels that add nothing to what a network computes: those that do not depend on its input, as where all
/// weights into a neuron are zero, whose constant goes into the biases of the layers that read them; and those that no
/// layer reads with a weight that is not zero. A constant that is not zero stays where a convolution reads it with
/// padding, since at the border it would count less.
/// </summary>
public static class ConstantChannels
{
    /// <summary>
    /// Removes them until there are none. What is left computes the same but for rounding; one channel of a layer
    /// always stays.
    /// </summary>
    /// <exception cref="ModelException">The network's shapes do not fit.</exception>
    public static ConstantRemoval Remove(Network network)
    {
        ImmutableArray<RemovedChannels> removed = [];
        while (true)
        {
            ChannelGroups groups = ChannelGroups.Of(network);
            var needless = new NeedlessChannels(groups);
            Channel[] cut = needless.Find();
            if (cut.Length == 0)
                return new ConstantRemoval(network, removed);
            removed = removed.AddRange(needless.Report(cut));
            HashSet<int> roots = [.. cut.Select(c => c.Root)];
            Network folded = new ConstantFold(groups.Flow, needless.Values, roots).Fold();
            // Marks are those of one network, but groups and their channels stand in the same order in both.
            ChannelGroups again = ChannelGroups.Of(folded);
            var kept = groups
                .Select((g, i) => (again[i].Name, Kept: g.Channels.Select(c => !roots.Contains(c.Root)).ToArray()))
                .ToDictionary(p => p.Name, p => p.Kept, StringComparer.Ordinal);
            network = Thinning.Keep(again, kept);
        }
    }
}

/// <summary>What removing constant channels left.</summary>
/// <param name="Network">The network without them.</param>
/// <param name="Removed">What was removed, in order.</param>
public sealed record ConstantRemoval(Network Network, ImmutableArray<RemovedChannels> Removed);

/// <summary>Channels that were removed from a group for one reason.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Count">How many channels were removed.</param>
/// <param name="Why"><c>constant</c>: the channel did not depend on the input; <c>unread</c>: nothing depended on
/// it.</param>
public sealed record RemovedChannels(string Group, int Count, string Why);

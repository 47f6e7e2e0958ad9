using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// The channels of a group that the same layers make and read. A group is mostly one class; where a residual stream widens, it has one
/// for each width, and what is kept of each decides what the layers of a stage have.
/// </summary>
/// <param name="Group">The group.</param>
/// <param name="Channels">Which of its channels, rising.</param>
/// <param name="Key">What tells it from other classes, in any network of the same layers.</param>
/// <param name="Name">What messages call it.</param>
internal sealed record CutClass(ChannelGroup Group, int[] Channels, string Key, string Name)
{
    public int Count => Channels.Length;

    /// <summary>The classes of a group, in the order of their first channels.</summary>
    public static IReadOnlyList<CutClass> Of(ChannelGroup group)
    {
        IGrouping<string, int>[] classes = [.. Enumerable.Range(0, group.Count).GroupBy(i => KeyOf(group, i))];
        return [.. classes.Select(c => new CutClass(group, [.. c], c.Key, classes.Length == 1 ? $"group '{group.Name}'"
            : $"the part of group '{group.Name}' that begins with '{group.Channels[c.First()].Members.FirstOrDefault(m => m.Role == ChannelRole.Producer)?.Weight}'"))];
    }

    private static string KeyOf(ChannelGroup group, int channel) =>
        string.Join('\n', group.Channels[channel].Members.Select(m => $"{m.Weight}\t{m.Axis}").Distinct().Prepend(group.Name));
}

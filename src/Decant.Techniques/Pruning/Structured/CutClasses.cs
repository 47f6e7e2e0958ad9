using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// The channels that a round may cut, by classes: how many each has, had when the run began, and must keep. Counts are
/// lists of channels kept, in the order of the classes.
/// </summary>
internal sealed class CutClasses
{
    private readonly StructuredPruningOptions options;
    private readonly double[][] scores;
    private readonly int[][] ranked;

    public CutClasses(StructuredPruningOptions options, TechniqueContext context)
    {
        this.options = options;
        Groups = ChannelGroups.Of(context.Network, options.Attention);
        IReadOnlyList<ChannelGroup> selected = GroupSelection.Of(Groups, context.Weights);
        All = [.. selected.SelectMany(CutClass.Of)];
        Dictionary<string, int> before = ChannelGroups
            .Of(context.Reference!, options.Attention)
            .SelectMany(CutClass.Of)
            .ToDictionary(c => c.Key, c => c.Count, StringComparer.Ordinal);
        Now = [.. All.Select(c => c.Count)];
        Original = [.. All.Select(c => Math.Max(c.Count, before.GetValueOrDefault(c.Key)))];
        IReadOnlyDictionary<string, double[]> ofGroups = ChannelScores.Of(options.Criterion, context, selected);
        scores = [.. All.Select(c => Array.ConvertAll(c.Channels, i => ofGroups[c.Group.Name][i]))];
        ranked =
        [
            .. scores.Select(s => Enumerable.Range(0, s.Length).OrderBy(i => s[i]).ThenByDescending(i => i).ToArray()),
        ];
    }

    /// <summary>The network's groups.</summary>
    public ChannelGroups Groups { get; }

    /// <summary>The classes.</summary>
    public IReadOnlyList<CutClass> All { get; }

    /// <summary>Channels now.</summary>
    public int[] Now { get; }

    /// <summary>Channels when the run began.</summary>
    public int[] Original { get; }

    /// <summary>The fewest channels that may be left after some rounds, this one among them.</summary>
    public int[] Floors(int rounds)
    {
        int[] floors = [.. Now];
        for (int round = 0; round < rounds; round++)
        {
            int[] next = Array.ConvertAll(floors, Floor);
            if (next.AsSpan().SequenceEqual(floors))
                break;
            floors = next;
        }
        return floors;
    }

    /// <summary>A count as it may be: a multiple, and no more than there are.</summary>
    public int Rounded(int kept, int most) =>
        (int)Math.Min(most, ((long)kept + options.Multiple - 1) / options.Multiple * options.Multiple);

    /// <summary>The classes' indices, one for each channel that might go, least missed first.</summary>
    public int[] Order()
    {
        var order = new List<(double Key, int Class)>();
        for (int c = 0; c < ranked.Length; c++)
        {
            double[] of = options.Normalizes ? ChannelScores.Normalized(scores[c]) : scores[c];
            for (int k = 0; k < ranked[c].Length; k++)
                order.Add((options.IsGlobal ? of[ranked[c][k]] : (Original[c] - Now[c] + k + 1.0) / Original[c], c));
        }
        return [.. order.OrderBy(o => o.Key).ThenBy(o => o.Class).Select(o => o.Class)];
    }

    /// <summary>
    /// For each group that would be cut, which channels stay: those of highest score, of equal ones those that come
    /// first.
    /// </summary>
    public IReadOnlyList<(string Group, bool[] Kept)> Masks(int[] kept)
    {
        var masks = new List<(string Group, bool[] Kept)>();
        for (int c = 0; c < kept.Length; c++)
        {
            if (kept[c] == Now[c])
                continue;
            string group = All[c].Group.Name;
            if (masks.Count == 0 || masks[^1].Group != group)
                masks.Add((group, [.. All[c].Group.Channels.Select(_ => true)]));
            foreach (int channel in ranked[c].AsSpan(0, Now[c] - kept[c]))
                masks[^1].Kept[All[c].Channels[channel]] = false;
        }
        return masks;
    }

    /// <summary>The network cut to some counts.</summary>
    public Network Cut(int[] kept)
    {
        Dictionary<string, bool[]> masks = Masks(kept).ToDictionary(m => m.Group, m => m.Kept, StringComparer.Ordinal);
        return masks.Count == 0 ? Groups.Network : Thinning.Keep(Groups, masks);
    }

    /// <summary>What is left of what the budget counts.</summary>
    public long Cost(int[] kept) =>
        options.Budget.Of == CutMeasure.Channels
            ? kept.Sum(k => (long)k)
            : NetworkCost.Of(Cut(kept), options.Budget.Of);

    // However small the share, one step may be made: small layers would never change otherwise.
    private int Floor(int kept) =>
        Rounded(
            Math.Max(
                options.Least ?? 1,
                Math.Min(kept - options.Multiple, (int)Math.Ceiling(kept * (1 - options.AtMost) - 1e-9))
            ),
            kept
        );
}

/// <summary>
/// The channels of a group that the same layers make and read. A group is mostly one class; where a residual stream
/// widens, it has one for each width, and what is kept of each decides what the layers of a stage have.
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
        IGrouping<string, int>[] classes =
        [
            .. Enumerable.Range(0, group.Count).GroupBy(i => KeyOf(group, i), StringComparer.Ordinal),
        ];
        return
        [
            .. classes.Select(c => new CutClass(
                group,
                [.. c],
                c.Key,
                classes.Length == 1
                    ? $"group '{group.Name}'"
                    : $"the part of group '{group.Name}' that begins with "
                        + $"'{FirstProducer(group.Channels[c.First()])?.Weight}'"
            )),
        ];
    }

    private static ChannelSlice? FirstProducer(Channel channel) =>
        channel.Members.FirstOrDefault(m => m.Role == ChannelRole.Producer);

    private static string KeyOf(ChannelGroup group, int channel) =>
        string.Join(
            '\n',
            group
                .Channels[channel]
                .Members.Select(m => $"{m.Weight}\t{m.Axis}")
                .Distinct(StringComparer.Ordinal)
                .Prepend(group.Name)
        );
}

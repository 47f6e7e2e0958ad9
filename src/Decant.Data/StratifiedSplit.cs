using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Chooses images so that each class keeps its share: quotas by largest remainder, members by a seeded shuffle.
/// </summary>
internal static class StratifiedSplit
{
    public static bool[] Choose(ReadOnlySpan<int> labels, int classes, int count, ulong seed)
    {
        int[][] members = MembersOf(labels, classes);
        int[] quotas = Quotas([.. members.Select(m => m.Length)], labels.Length, count);
        var chosen = new bool[labels.Length];
        for (int c = 0; c < classes; c++)
        {
            Rng.For(seed, "split", c).Shuffle<int>(members[c]);
            foreach (int i in members[c].AsSpan(0, quotas[c]))
                chosen[i] = true;
        }
        return chosen;
    }

    private static int[][] MembersOf(ReadOnlySpan<int> labels, int classes)
    {
        var members = new List<int>[classes];
        for (int c = 0; c < classes; c++)
            members[c] = [];
        for (int i = 0; i < labels.Length; i++)
            members[labels[i]].Add(i);
        return [.. members.Select(m => m.ToArray())];
    }

    private static int[] Quotas(int[] sizes, int total, int count)
    {
        if (total == 0)
            return new int[sizes.Length];
        var quotas = sizes.Select(s => (int)((long)s * count / total)).ToArray();
        var byRemainder = Enumerable
            .Range(0, sizes.Length)
            .OrderByDescending(c => (long)sizes[c] * count % total)
            .ThenBy(c => c);
        foreach (int c in byRemainder.Take(count - quotas.Sum()))
            quotas[c]++;
        return quotas;
    }
}

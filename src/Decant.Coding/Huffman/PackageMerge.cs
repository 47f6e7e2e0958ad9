namespace Decant.Coding;

/// <summary>Optimal prefix code lengths under a limit, by the package-merge algorithm (Larmore, Hirschberg 1990).</summary>
internal static class PackageMerge
{
    /// <summary>Code lengths for symbols that occur so often; 0 for one that never does. A single symbol gets length 1.</summary>
    /// <param name="counts">How often each symbol occurs.</param>
    /// <param name="limit">The longest length allowed; 2^limit must be at least the number of symbols that occur.</param>
    public static byte[] Lengths(ReadOnlySpan<long> counts, int limit)
    {
        var lengths = new byte[counts.Length];
        var leaves = new List<Package>();
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] > 0) leaves.Add(new Package(counts[i], i, null, null));
        leaves.Sort((a, b) => a.Weight != b.Weight ? a.Weight.CompareTo(b.Weight) : a.Symbol.CompareTo(b.Symbol));
        if (leaves.Count == 1) lengths[leaves[0].Symbol] = 1;
        if (leaves.Count < 2) return lengths;
        List<Package> level = leaves;
        for (int i = 1; i < limit; i++) level = Merge(leaves, Pair(level));
        foreach (Package package in level.Take(2 * leaves.Count - 2)) package.Deepen(lengths);
        return lengths;
    }

    private static List<Package> Pair(List<Package> level)
    {
        var pairs = new List<Package>(level.Count / 2);
        for (int i = 0; i + 1 < level.Count; i += 2) pairs.Add(new Package(level[i].Weight + level[i + 1].Weight, -1, level[i], level[i + 1]));
        return pairs;
    }

    /// <summary>Merges two sorted lists; leaves first where weights are equal, so that the result is one and the same everywhere.</summary>
    private static List<Package> Merge(List<Package> leaves, List<Package> pairs)
    {
        var merged = new List<Package>(leaves.Count + pairs.Count);
        for (int i = 0, k = 0; i < leaves.Count || k < pairs.Count;)
            merged.Add(k == pairs.Count || (i < leaves.Count && leaves[i].Weight <= pairs[k].Weight) ? leaves[i++] : pairs[k++]);
        return merged;
    }

    private sealed record Package(long Weight, int Symbol, Package? Left, Package? Right)
    {
        public void Deepen(byte[] lengths)
        {
            if (Symbol >= 0) lengths[Symbol]++;
            Left?.Deepen(lengths);
            Right?.Deepen(lengths);
        }
    }
}

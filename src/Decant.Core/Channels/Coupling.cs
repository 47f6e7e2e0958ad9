namespace Decant.Core.Channels;

/// <summary>Which marks mean the same channel (union-find), and which of them cannot be cut, and why.</summary>
internal sealed class Coupling
{
    private readonly List<int> parents = [];
    private readonly Dictionary<int, string> reasons = [];

    /// <summary>A number of new marks.</summary>
    public int[] New(int count)
    {
        int[] made = [.. Enumerable.Range(parents.Count, count)];
        parents.AddRange(made);
        return made;
    }

    /// <summary>The first of the marks that mean the same channel.</summary>
    public int Root(int mark)
    {
        while (parents[mark] != mark) mark = parents[mark] = parents[parents[mark]];
        return mark;
    }

    /// <summary>Makes two marks mean the same channel.</summary>
    public void Join(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a == b) return;
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        parents[b] = a;
        if (reasons.Remove(b, out string? why)) reasons.TryAdd(a, why);
    }

    /// <summary>Says that a channel cannot be cut.</summary>
    public void Fix(int mark, string why) => reasons.TryAdd(Root(mark), why);

    /// <summary>Why a channel cannot be cut; null if it can.</summary>
    public string? FixedBy(int mark) => reasons.GetValueOrDefault(Root(mark));
}

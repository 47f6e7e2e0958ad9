using System.Collections;

namespace Decant.Techniques.Pruning;

/// <summary>The blocks of several weights, one after the other.</summary>
internal sealed class JoinedUnits(IReadOnlyList<BlockUnits> parts) : IReadOnlyList<PruningUnit>
{
    /// <inheritdoc/>
    public int Count { get; } = parts.Sum(p => p.Count);

    /// <inheritdoc/>
    public PruningUnit this[int index]
    {
        get
        {
            int part = 0;
            while (index >= parts[part].Count) index -= parts[part++].Count;
            return parts[part][index];
        }
    }

    /// <inheritdoc/>
    public IEnumerator<PruningUnit> GetEnumerator() => parts.SelectMany(p => p).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

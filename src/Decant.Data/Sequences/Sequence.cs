using Decant.Core;

namespace Decant.Data;

/// <summary>Examples of a source with states that follow each other in time.</summary>
internal readonly record struct Sequence(int First, int Count)
{
    public IEnumerable<int> Examples => Enumerable.Range(First, Count);

    /// <summary>All of a source, in its order.</summary>
    public static Sequence[] Of(IDataSource source)
    {
        int[] starts = [.. source.Starts.Prepend(0).Distinct()];
        return
        [
            .. starts.Select(
                (first, i) => new Sequence(first, (i + 1 < starts.Length ? starts[i + 1] : source.Count) - first)
            ),
        ];
    }

    /// <summary>All examples, sequences in a random order and each in its own.</summary>
    public static int[] Shuffled(IDataSource source, Rng rng)
    {
        Sequence[] all = Of(source);
        rng.Shuffle<Sequence>(all);
        return [.. all.SelectMany(s => s.Examples)];
    }
}

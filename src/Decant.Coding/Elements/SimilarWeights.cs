using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Finds dense weights that share elements with an earlier one of their type and shape, by the smallest of their
/// elements' hashes (Broder 1997). What they share is then coded once.
/// </summary>
internal static class SimilarWeights
{
    private const int SketchSize = 64,
        LeastCommon = 16;

    /// <summary>
    /// For each encoding the index of an earlier one that it shares elements with, and that stands alone itself; -1 if
    /// there is none.
    /// </summary>
    public static int[] Find(IReadOnlyList<Encoding> encodings)
    {
        var result = new int[encodings.Count];
        Array.Fill(result, -1);
        var alike = Enumerable
            .Range(0, encodings.Count)
            .Where(i => encodings[i] is DenseEncoding)
            .GroupBy(i => (encodings[i].Type, encodings[i].Shape))
            .Where(g => g.Skip(1).Any());
        foreach (var group in alike)
        {
            var alone = new List<(int Index, ImmutableHashSet<ulong> Sketch)>();
            foreach (int i in group)
            {
                var sketch = SketchOf(encodings[i].Decode());
                var (index, common) = alone
                    .Select(a => (a.Index, Common: a.Sketch.Intersect(sketch).Count))
                    .DefaultIfEmpty((-1, 0))
                    .MaxBy(a => a.Item2);
                if (common >= LeastCommon)
                    result[i] = index;
                else
                    alone.Add((i, sketch));
            }
        }
        return result;
    }

    /// <summary>The smallest hashes of a tensor's magnitudes, each once.</summary>
    private static ImmutableHashSet<ulong> SketchOf(Tensor tensor)
    {
        var format = ElementFormat.Of(tensor.Type);
        ReadOnlySpan<byte> bytes = tensor.Bytes();
        var smallest = new SortedSet<ulong>();
        ulong most = ulong.MaxValue;
        for (int i = 0; i < tensor.Count; i++)
        {
            ulong hash = ElementHistory.Hash(format.Read(bytes, i) & format.MagnitudeMask, 0, 0);
            if (hash >= most || !smallest.Add(hash) || smallest.Count <= SketchSize)
                continue;
            smallest.Remove(smallest.Max);
            most = smallest.Max;
        }
        return [.. smallest];
    }
}

namespace Decant.Data;

/// <summary>
/// Average precision of what is ranked by scores. What has one score comes together, so that order does not matter.
/// </summary>
internal static class AveragePrecision
{
    /// <summary>
    /// Σₙ (Rₙ − Rₙ₋₁)·Pₙ over distinct scores, from the highest; not a number if nothing is true.
    /// </summary>
    /// <param name="ranked">The score of each, and whether it is true.</param>
    public static double AtEachScore(IEnumerable<(float Score, bool IsTrue)> ranked)
    {
        double sum = 0;
        int before = 0;
        foreach (var (found, seen) in Cumulated(ranked))
        {
            sum += (double)(found - before) * found / seen;
            before = found;
        }
        return before == 0 ? double.NaN : sum / before;
    }

    /// <summary>
    /// The mean over recalls 0, 0.01, … 1 of the highest precision at that recall or above it (COCO).
    /// </summary>
    /// <param name="ranked">The score of each detection, and whether it is true.</param>
    /// <param name="wanted">How many there are to detect, at least one.</param>
    public static double At101Recalls(IEnumerable<(float Score, bool IsTrue)> ranked, int wanted)
    {
        (int Found, int Seen)[] points = [.. Cumulated(ranked)];
        double best = 0,
            sum = 0;
        int point = points.Length - 1;
        for (int recall = 100; recall >= 0; recall--)
        {
            for (; point >= 0 && 100L * points[point].Found >= (long)recall * wanted; point--)
                best = Math.Max(best, (double)points[point].Found / points[point].Seen);
            sum += best;
        }
        return sum / 101;
    }

    /// <summary>How many true ones, and how many at all, have each distinct score or a higher one.</summary>
    private static IEnumerable<(int Found, int Seen)> Cumulated(IEnumerable<(float Score, bool IsTrue)> ranked)
    {
        int found = 0,
            seen = 0;
        float last = 0;
        foreach (var (score, isTrue) in ranked.OrderByDescending(r => r.Score))
        {
            if (seen > 0 && score != last)
                yield return (found, seen);
            last = score;
            seen++;
            found += isTrue ? 1 : 0;
        }
        if (seen > 0)
            yield return (found, seen);
    }
}

namespace Decant.Techniques.Pruning;

/// <summary>
/// The largest of many scores, over several lists as if they were one, in time proportional to how many there are.
/// </summary>
internal static class Selection
{
    /// <summary>A score that is never selected while there are others.</summary>
    public const float Gone = float.NegativeInfinity;

    /// <summary>Where the largest scores are; of equal ones, those that come first.</summary>
    /// <param name="scores">Lists of scores, none of them NaN.</param>
    /// <param name="count">How many to select: 1 to all there are.</param>
    /// <returns>For each list the indices selected, rising.</returns>
    public static int[][] Largest(IReadOnlyList<float[]> scores, long count)
    {
        uint threshold = KeyOf(scores, count);
        long ties = count;
        foreach (float[] list in scores)
        foreach (float s in list)
            if (Key(s) > threshold)
                ties--;
        return [.. scores.Select(list => Select(list, threshold, ref ties))];
    }

    /// <summary>How many scores, those gone apart, there are.</summary>
    public static int Left(float[] scores) => scores.Length - scores.AsSpan().Count(Gone);

    private static int[] Select(float[] list, uint threshold, ref long ties)
    {
        var selected = new List<int>(list.Length);
        for (int i = 0; i < list.Length; i++)
        {
            uint key = Key(list[i]);
            if (key > threshold || (key == threshold && ties-- > 0))
                selected.Add(i);
        }
        return [.. selected];
    }

    /// <summary>The key of rank <paramref name="rank"/>, counted from 1 at the largest, by radix selection.</summary>
    private static uint KeyOf(IReadOnlyList<float[]> scores, long rank)
    {
        uint prefix = 0,
            mask = 0;
        var counts = new long[1 << 11];
        foreach (int shift in (ReadOnlySpan<int>)[21, 10, 0])
        {
            Array.Clear(counts);
            uint digit = shift == 0 ? 0x3FFu : 0x7FFu;
            foreach (float[] list in scores)
            foreach (float s in list)
                if (Key(s) is var key && (key & mask) == prefix)
                    counts[(key >> shift) & digit]++;
            uint d = digit;
            while (rank > counts[d])
                rank -= counts[d--];
            prefix |= d << shift;
            mask |= digit << shift;
        }
        return prefix;
    }

    /// <summary>An integer in the order of the floats; both zeros are equal.</summary>
    private static uint Key(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score == 0 ? 0f : score);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }
}

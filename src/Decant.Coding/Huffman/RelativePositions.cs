namespace Decant.Coding;

/// <summary>
/// Positions as gaps in b bits (Han, Mao, Dally 2016, section 2): the zeros before each non-zero. A gap that b bits cannot tell is
/// bridged by filler zeros, each 2^b further on, which are kept as if they were non-zeros.
/// </summary>
/// <param name="Bits">b.</param>
/// <param name="Gaps">Of each entry, the zeros before it, below 2^b.</param>
/// <param name="Positions">Of each entry, its position; -1 for a filler.</param>
internal sealed record RelativePositions(int Bits, byte[] Gaps, int[] Positions)
{
    /// <summary>The least and the most bits.</summary>
    public const int MinBits = 2, MaxBits = 8;

    public static RelativePositions Of(ReadOnlySpan<int> positions, int bits)
    {
        int span = 1 << bits, last = -1, at = 0, entries = checked(positions.Length + (int)Count(positions, bits).Fillers);
        var (gaps, places) = (new byte[entries], new int[entries]);
        foreach (int p in positions)
        {
            for (; p - last > span; last += span) (gaps[at], places[at++]) = ((byte)(span - 1), -1);
            (gaps[at], places[at++]) = ((byte)(p - last - 1), p);
            last = p;
        }
        return new RelativePositions(bits, gaps, places);
    }

    /// <summary>How often each gap would occur, and how many of the largest are fillers, without making the entries.</summary>
    public static (long[] Gaps, long Fillers) Count(ReadOnlySpan<int> positions, int bits)
    {
        var gaps = new long[1 << bits];
        long fillers = 0;
        int last = -1;
        foreach (int p in positions)
        {
            int zeros = p - last - 1;
            fillers += zeros >> bits;
            gaps[zeros & (gaps.Length - 1)]++;
            last = p;
        }
        gaps[^1] += fillers;
        return (gaps, fillers);
    }
}

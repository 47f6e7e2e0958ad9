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
        var (gaps, entries) = (new List<byte>(positions.Length), new List<int>(positions.Length));
        int span = 1 << bits, last = -1;
        foreach (int p in positions)
        {
            for (; p - last > span; last += span)
            {
                gaps.Add((byte)(span - 1));
                entries.Add(-1);
            }
            gaps.Add((byte)(p - last - 1));
            entries.Add(p);
            last = p;
        }
        return new RelativePositions(bits, [.. gaps], [.. entries]);
    }
}

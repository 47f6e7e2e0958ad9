using System.Numerics;

namespace Decant.Techniques.Sharing;

/// <summary>Whole numbers from 0 that never fall, kept in two bits each: a 0 for each step up, a 1 for each number.</summary>
internal sealed class MonotoneRow
{
    private readonly ulong[] bits;

    public MonotoneRow(ReadOnlySpan<int> values)
    {
        bits = new ulong[((long)values[^1] + values.Length) / 64 + 1];
        for (int i = 0; i < values.Length; i++)
        {
            long at = (long)values[i] + i;
            bits[at >> 6] |= 1UL << (int)(at & 63);
        }
    }

    /// <summary>The number at an index: the zeros before the index-th 1. Takes time linear in the index.</summary>
    public int this[int index]
    {
        get
        {
            int word = 0, left = index;
            for (int ones; (ones = BitOperations.PopCount(bits[word])) <= left; word++) left -= ones;
            ulong rest = bits[word];
            for (; left > 0; left--) rest &= rest - 1;
            return (int)(64L * word + BitOperations.TrailingZeroCount(rest) - index);
        }
    }
}

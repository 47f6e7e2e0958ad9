using System.Numerics;

namespace Decant.Coding;

/// <summary>
/// The last elements that were coded, as keys, with an index of where short sequences of magnitudes stood last. What is
/// further back than <see cref="MaxWindow"/> elements is forgotten.
/// </summary>
internal sealed class ElementHistory
{
    /// <summary>The most elements that are remembered.</summary>
    public const int MaxWindow = 1 << 21;

    private const ulong Factor = 0x9E3779B97F4A7C15;

    private readonly ulong[] keys;
    private readonly int[] longs,
        shorts;
    private readonly ulong magnitude;
    private readonly int longLength,
        shortLength;

    /// <summary>A history for so many elements in all.</summary>
    public ElementHistory(long elements, ElementFormat format)
    {
        // Few elements of a byte say less of what follows than few of more bytes.
        (longLength, shortLength) = format.Size == 1 ? (20, 5) : (5, 2);
        int window = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(elements, 16, MaxWindow));
        (keys, longs, shorts) = (new ulong[window], new int[window], new int[window]);
        magnitude = format.MagnitudeMask;
    }

    /// <summary>How many elements were added.</summary>
    public int Count { get; private set; }

    /// <summary>The key at a position that is held, else 0.</summary>
    public ulong this[int position] => Holds(position) ? keys[position & (keys.Length - 1)] : 0;

    /// <summary>Whether a position was added and is not forgotten.</summary>
    public bool Holds(int position) => position >= 0 && position < Count && position >= Count - keys.Length;

    /// <summary>Whether two keys are the same but for the sign.</summary>
    public bool AreAlike(ulong a, ulong b) => ((a ^ b) & magnitude) == 0;

    public void Add(ulong key)
    {
        // Only now something follows the sequence that ends here.
        if (Count >= longLength)
            longs[Slot(longLength, 1)] = Count;
        if (Count >= shortLength)
            shorts[Slot(shortLength, 1)] = Count;
        keys[Count & (keys.Length - 1)] = key;
        Count++;
    }

    /// <summary>
    /// Where the last elements stood before, as they are or mirrored: the position of what followed them, or of what
    /// stood before them; -1 if they are new.
    /// </summary>
    public int Find(bool mirrored, out int length)
    {
        foreach (int n in (ReadOnlySpan<int>)[longLength, shortLength])
        {
            if (Count < n)
                continue;
            // An index holds what follows a sequence. That of a mirrored one is the start of what is looked for.
            int end = (n == longLength ? longs : shorts)[Slot(n, mirrored ? -1 : 1)],
                at = mirrored ? end - n - 1 : end;
            if (end == 0 || !Holds(at))
                continue;
            length = Verified(at, mirrored ? -1 : 1);
            if (length >= n)
                return at;
        }
        length = 0;
        return -1;
    }

    /// <summary>How many of the last elements are those that lead to a position in steps of 1 or -1, 32 at
    /// most.</summary>
    public int Verified(int at, int step)
    {
        int n = 0;
        while (n < 32 && Holds(at - step * (n + 1)) && Count - 1 - n > 0)
        {
            if (!AreAlike(this[at - step * (n + 1)], this[Count - 1 - n]))
                break;
            n++;
        }
        return n;
    }

    /// <summary>The place in an index of the last elements, read forwards or backwards.</summary>
    private int Slot(int n, int step)
    {
        ulong hash = 0;
        for (int i = 0; i < n; i++)
            hash = (hash ^ (this[step > 0 ? Count - n + i : Count - 1 - i] & magnitude)) * Factor;
        return (int)(hash >> 20) & (keys.Length - 1);
    }

    /// <summary>A hash of three numbers, good in its high bits and its low ones.</summary>
    public static ulong Hash(ulong a, ulong b, ulong c)
    {
        ulong hash = (a * Factor ^ b) * Factor;
        hash = (hash ^ hash >> 29 ^ c) * Factor;
        return hash ^ hash >> 32;
    }
}

namespace Decant.Coding;

/// <summary>
/// A probability that learns from the bits seen: 22 bits of it, and 10 bits of a count. The n-th bit moves it by 1/(n +
/// 1.5), close to the estimator of Krichevsky and Trofimov, until the count reaches a limit: from there it forgets
/// exponentially.
/// </summary>
internal static class AdaptiveBit
{
    /// <summary>One half, nothing seen.</summary>
    public const uint Unseen = 1u << 31;

    /// <summary>The largest limit.</summary>
    public const int MaxLimit = 1023;

    private static readonly int[] Rates = [.. Enumerable.Range(0, MaxLimit + 1).Select(n => 131072 / (2 * n + 3))];

    /// <summary>The probability of 1, in 1/65536; 1 to 65535.</summary>
    public static int Probability(uint state) => Math.Max(1, (int)(state >> 16));

    /// <summary>How many bits were seen, up to the limit.</summary>
    public static int Seen(uint state) => (int)(state & MaxLimit);

    /// <summary>A state of a probability in 1/65536 that is worth a number of bits seen.</summary>
    public static uint Of(int probability, int seen) => (uint)Math.Clamp(probability, 1, 65535) << 16 | (uint)seen;

    /// <summary>Learns a bit.</summary>
    public static void Update(ref uint state, int bit, int limit)
    {
        uint s = state;
        int n = (int)(s & MaxLimit),
            p = (int)(s >> 10);
        p += (int)((((long)bit << 22) - bit - p) * Rates[n] >> 16);
        state = (uint)p << 10 | (uint)(n < limit ? n + 1 : n);
    }

    /// <summary>Codes a bit with a state alone, and learns it.</summary>
    public static int Code<T>(ref T coder, int bit, ref uint state, int limit)
        where T : struct, IBinaryCoder
    {
        bit = coder.Code(bit, Probability(state));
        Update(ref state, bit, limit);
        return bit;
    }
}

/// <summary>
/// An adaptive code of small numbers: their bits, high ones first, each with its own probability for what stands before
/// it.
/// </summary>
internal sealed class BitTree
{
    private readonly int bits,
        limit;
    private readonly uint[] states;

    /// <summary>A tree of 2^bits numbers for each of some contexts.</summary>
    public BitTree(int bits, int contexts, int limit = AdaptiveBit.MaxLimit)
    {
        (this.bits, this.limit) = (bits, limit);
        states = new uint[contexts << bits];
        Array.Fill(states, AdaptiveBit.Unseen);
    }

    public int Code<T>(ref T coder, int symbol, int context = 0)
        where T : struct, IBinaryCoder
    {
        Span<uint> tree = states.AsSpan(context << bits, 1 << bits);
        int node = 1;
        for (int i = bits - 1; i >= 0; i--)
            node = node << 1 | AdaptiveBit.Code(ref coder, symbol >> i & 1, ref tree[node], limit);
        return node - tree.Length;
    }
}

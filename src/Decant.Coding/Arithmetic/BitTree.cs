namespace Decant.Coding;

/// <summary>An adaptive code of small numbers: their bits, high ones first, each with its own probability for what stands before it.</summary>
internal sealed class BitTree
{
    private readonly int bits, limit;
    private readonly uint[] states;

    /// <summary>A tree of 2^bits numbers for each of some contexts.</summary>
    public BitTree(int bits, int contexts, int limit = AdaptiveBit.MaxLimit)
    {
        (this.bits, this.limit) = (bits, limit);
        states = new uint[contexts << bits];
        Array.Fill(states, AdaptiveBit.Unseen);
    }

    public int Code<T>(ref T coder, int symbol, int context = 0) where T : struct, IBinaryCoder
    {
        Span<uint> tree = states.AsSpan(context << bits, 1 << bits);
        int node = 1;
        for (int i = bits - 1; i >= 0; i--)
            node = node << 1 | AdaptiveBit.Code(ref coder, symbol >> i & 1, ref tree[node], limit);
        return node - tree.Length;
    }
}

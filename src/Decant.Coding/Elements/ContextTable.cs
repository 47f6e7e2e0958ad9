using System.Numerics;

namespace Decant.Coding;

/// <summary>
/// Probabilities of the next bits in many contexts: blocks of 15, a tree of four bits, found by a hash. A block that
/// belongs to another context is taken over.
/// </summary>
internal sealed class ContextTable
{
    private const int MaxStates = 1 << 22;

    private readonly uint[] states;

    /// <summary>A table for so many blocks, within limits.</summary>
    public ContextTable(long blocks) =>
        states = new uint[16 * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(blocks, 64, MaxStates / 16))];

    /// <summary>The states.</summary>
    public uint[] States => states;

    /// <summary>Where the block of a context begins; states that are 0 are not seen yet.</summary>
    /// <param name="context">The context, hashed.</param>
    public int Find(ulong context)
    {
        int at = (int)(context >> 24) & (states.Length / 16 - 1);
        uint check = (uint)(context >> 48) | 1u << 31;
        Span<uint> block = states.AsSpan(16 * at, 16);
        if (block[0] != check)
        {
            block.Clear();
            block[0] = check;
        }
        return 16 * at;
    }
}

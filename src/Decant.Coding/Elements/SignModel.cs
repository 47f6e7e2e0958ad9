namespace Decant.Coding;

/// <summary>
/// An adaptive code of the signs of floats whose magnitudes are known: by magnitude, by place, by the signs around, and
/// by those of what is followed in the history, as they are or flipped.
/// </summary>
internal sealed class SignModel(ElementFormat format, Follower forward, Follower mirrored)
{
    private const int Limit = 255,
        SlotBits = 12;

    private readonly uint[] states = new uint[Mixer.Width << SlotBits];
    private readonly int[] slots = new int[Mixer.Width];
    private readonly Mixer mixer = new(3, 14000, 40, 8);

    /// <summary>Codes the sign of a key.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="key">The key when encoding.</param>
    /// <param name="magnitude">Its magnitude.</param>
    /// <param name="a">What stands around it.</param>
    /// <returns>The key.</returns>
    public ulong Code<T>(ref T coder, ulong key, ulong magnitude, in Surroundings a)
        where T : struct, IBinaryCoder
    {
        int top = format.Bits - 1;
        uint others =
            (uint)(a.Left >> top) << 3
            | (uint)(a.Left2 >> top) << 2
            | (uint)(a.Above >> top) << 1
            | (uint)(a.Near >> top);
        Set(0, 0);
        Set(1, (uint)format.LevelOf(magnitude));
        Set(2, ElementHistory.Hash(7, magnitude, 0) >> 40);
        Set(3, ElementHistory.Hash(8, (ulong)a.Column, 0) >> 40);
        Set(4, others);
        Set(5, ElementHistory.Hash(9, magnitude, others) >> 40);
        Set(6, ContextOf(forward, magnitude));
        Set(7, ContextOf(mirrored, magnitude));
        int[] x = mixer.Inputs;
        for (int i = 0; i < x.Length; i++)
        {
            ref uint state = ref states[slots[i]];
            if (state == 0)
                state = AdaptiveBit.Unseen;
            x[i] = Logistic.Stretch(AdaptiveBit.Probability(state));
        }
        int surest = Math.Max(Math.Abs(x[6]), Math.Abs(x[7])),
            set = surest < 256 ? 0
            : surest < 1024 ? 1
            : 2;
        int bit = coder.Code((int)(key >> top & 1), mixer.Mix(set));
        mixer.Update(bit);
        foreach (int slot in slots)
            AdaptiveBit.Update(ref states[slot], bit, Limit);
        return magnitude | (ulong)(uint)bit << top;
    }

    private void Set(int input, ulong context) =>
        slots[input] = input << SlotBits | (int)(context & (1u << SlotBits) - 1);

    /// <summary>0 where another magnitude is followed; else its sign, flipped as the last one was, and its
    /// trust.</summary>
    private uint ContextOf(Follower follower, ulong magnitude)
    {
        if (!follower.IsOn || (follower.Key & format.MagnitudeMask) != magnitude)
            return 0;
        uint sign = (uint)(follower.Key >> (format.Bits - 1)) ^ (follower.Flipped ? 1u : 0);
        return 1 + sign | (uint)follower.Trust << 2;
    }
}

namespace Decant.Coding;

/// <summary>
/// Predicts the bits of an element from whole elements that it may equal. Each is trusted as those of its kind and
/// trust turned out, more with every bit that agrees; one that disagrees is out until the next element.
/// </summary>
internal sealed class CopyModel
{
    private const int Bits = 64,
        Limit = 255,
        Classes = 32;

    private readonly ulong[] keys;
    private readonly int[] trusts,
        agreed,
        outcomes;
    private readonly bool[] on;
    private readonly uint[] states;
    private readonly Mixer mixer;

    /// <summary>A model of so many copies, 8 at most.</summary>
    public CopyModel(int copies)
    {
        (keys, trusts, agreed, outcomes) = (new ulong[copies], new int[copies], new int[copies], new int[copies]);
        (on, states) = (new bool[copies], new uint[copies * Classes * Bits]);
        Array.Fill(states, AdaptiveBit.Of(49152, 2));
        mixer = new Mixer(1 << copies, 24000, 40, 8);
    }

    /// <summary>Whether any copy agrees so far.</summary>
    public bool Any => on.AsSpan().Contains(true);

    /// <summary>Starts an element without copies.</summary>
    public void Clear()
    {
        Array.Clear(on);
        Array.Clear(keys);
    }

    /// <summary>Gives a copy.</summary>
    /// <param name="copy">Its kind.</param>
    /// <param name="isOn">Whether there is one.</param>
    /// <param name="key">What it says.</param>
    /// <param name="trust">A class of trust, 0 to 15; 0 to go by what the last ones of its kind were worth.</param>
    public void Offer(int copy, bool isOn, ulong key, int trust)
    {
        on[copy] = isOn;
        keys[copy] = key;
        agreed[copy] = 0;
        trusts[copy] = trust > 0 ? 8 + trust : outcomes[copy] & 7;
    }

    /// <summary>Drops those that say what is known to be wrong.</summary>
    public void Exclude(ulong key)
    {
        for (int i = 0; i < on.Length; i++)
            on[i] = on[i] && keys[i] != key;
    }

    /// <summary>Drops those that disagree with the bits of an element above its low ones.</summary>
    public void Narrow(ulong key, int left)
    {
        for (int i = 0; i < on.Length; i++)
            on[i] = on[i] && (keys[i] ^ key) >> left == 0;
    }

    /// <summary>The log-odds that a copy gives the bit of a place; 0 where there is none.</summary>
    public int Predict(int copy, int left)
    {
        if (!on[copy])
            return 0;
        int odds = Logistic.Stretch(AdaptiveBit.Probability(State(copy)));
        return (keys[copy] >> left & 1) == 1 ? odds : -odds;
    }

    /// <summary>Learns the bit of a place.</summary>
    public void Update(int copy, int bit, int left)
    {
        if (!on[copy])
            return;
        bool right = (int)(keys[copy] >> left & 1) == bit;
        AdaptiveBit.Update(ref State(copy), right ? 1 : 0, Limit);
        on[copy] = right;
        agreed[copy] = Math.Min(Bits - 1, agreed[copy] + 1);
    }

    /// <summary>Codes a bit by all copies that agree.</summary>
    public int Code<T>(ref T coder, int bit, int left)
        where T : struct, IBinaryCoder
    {
        int[] x = mixer.Inputs;
        int set = 0;
        for (int i = 0; i < on.Length; i++)
        {
            x[i] = Predict(i, left);
            set |= on[i] ? 1 << i : 0;
        }
        bit = coder.Code(bit, mixer.Mix(set));
        mixer.Update(bit);
        for (int i = 0; i < on.Length; i++)
            Update(i, bit, left);
        return bit;
    }

    /// <summary>Sees the element, to know what copies of each kind are worth.</summary>
    public void Learn(ulong key)
    {
        for (int i = 0; i < on.Length; i++)
            if (on[i] || keys[i] != 0)
                outcomes[i] = outcomes[i] << 1 | (keys[i] == key ? 1 : 0);
    }

    private ref uint State(int copy) => ref states[(copy * Classes + trusts[copy]) * Bits + agreed[copy]];
}

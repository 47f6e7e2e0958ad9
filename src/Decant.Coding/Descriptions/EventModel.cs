using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of small numbers, each in up to four contexts that its caller names: the predictions of the
/// contexts are mixed.
/// Made for short streams: a context seen once already counts.
/// </summary>
internal sealed class EventModel
{
    private const int SlotBits = 16,
        Contexts = 4,
        Limit = 60,
        Kinds = 32;

    private readonly uint[] slots = new uint[1 << SlotBits];
    private readonly int[] at = new int[Contexts];
    private readonly Mixer mixer;
    private readonly long budget = long.MaxValue;

    /// <summary>How many numbers were coded.</summary>
    public long Coded { get; private set; }

    /// <summary>A model that has learnt nothing.</summary>
    public EventModel()
    {
        Array.Fill(slots, AdaptiveBit.Unseen);
        mixer = new(Kinds * (Contexts + 1), 22000, 40, 8);
    }

    /// <summary>A copy that codes at most so many numbers, so that a damaged stream comes to an end.</summary>
    public EventModel(EventModel learnt, long budget)
    {
        learnt.slots.CopyTo(slots, 0);
        mixer = new(learnt.mixer);
        this.budget = budget;
    }

    /// <summary>Codes a number below 2^bits, 8 bits at most.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="kind">What kind of number, 0 to 31: kinds mix their contexts in ways of their own.</param>
    /// <param name="symbol">The number; ignored when decoding.</param>
    /// <param name="bits">How many bits it has.</param>
    /// <param name="contexts">Hashes of what is known, from the least specific to the most; four at most.</param>
    /// <exception cref="FileFormatException">The budget is used up.</exception>
    public int Code<T>(ref T coder, int kind, int symbol, int bits, ReadOnlySpan<uint> contexts)
        where T : struct, IBinaryCoder
    {
        if (++Coded > budget)
            throw new FileFormatException("the description has no end: the file is damaged");
        int node = 1;
        for (int i = bits - 1; i >= 0; i--)
            node = node << 1 | Bit(ref coder, kind, symbol >> i & 1, node, contexts);
        return node - (1 << bits);
    }

    private int Bit<T>(ref T coder, int kind, int bit, int node, ReadOnlySpan<uint> contexts)
        where T : struct, IBinaryCoder
    {
        int known = 0;
        Array.Clear(mixer.Inputs);
        for (int i = 0; i < contexts.Length; i++)
        {
            at[i] =
                (int)((contexts[i] + (uint)node * 0x9E3779B1) * 0x85EBCA6B ^ (uint)i << 29) * 0x2C1B3C6D
                >>> (32 - SlotBits);
            uint state = slots[at[i]];
            int seen = AdaptiveBit.Seen(state);
            if (seen > 0)
                known = i + 1;
            int logOdds = Logistic.Stretch(AdaptiveBit.Probability(state));
            mixer.Inputs[2 * i] = logOdds;
            mixer.Inputs[2 * i + 1] = Math.Clamp(logOdds * Math.Min(seen, 4) / 2, -Logistic.Limit, Logistic.Limit);
        }
        bit = coder.Code(bit, mixer.Mix(kind * (Contexts + 1) + known));
        mixer.Update(bit);
        for (int i = 0; i < contexts.Length; i++)
            AdaptiveBit.Update(ref slots[at[i]], bit, Limit);
        return bit;
    }
}

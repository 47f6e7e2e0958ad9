using System.Numerics;

namespace Decant.Coding;

/// <summary>
/// A place in the history that is read on, forwards or mirrored, to predict what comes next: the match model. It is
/// trusted by how many elements it predicted one after another.
/// </summary>
internal sealed class Follower(ElementHistory history, bool mirrored)
{
    /// <summary>How many classes of trust there are.</summary>
    public const int Trusts = 16;

    private const int Patience = 4,
        Settled = 16;

    private int at = -1,
        length,
        misses;
    private bool flipped;

    /// <summary>Whether there is a prediction.</summary>
    public bool IsOn => at >= 0;

    /// <summary>The key that is predicted; its sign as it was.</summary>
    public ulong Key => history[at];

    /// <summary>Whether the sign of the last prediction was wrong.</summary>
    public bool Flipped => flipped;

    /// <summary>How much trust the prediction deserves, by class.</summary>
    public int Trust => 2 * Math.Min(7, BitOperations.Log2((uint)length + 1)) + (misses > 0 ? 1 : 0);

    /// <summary>How far back what it reads is, negative; 0 when off.</summary>
    public int Distance => at < 0 ? 0 : at - history.Count;

    /// <summary>How many elements in a row were predicted.</summary>
    public int Length => length;

    /// <summary>Looks for a better place to follow than the one there is, unless that is trusted.</summary>
    public void Seek()
    {
        if (at >= 0 && !history.Holds(at))
            at = -1;
        if (at >= 0 && length >= Settled)
            return;
        int found = history.Find(mirrored, out int verified);
        if (found >= 0 && (at < 0 || verified > length))
            (at, length, misses) = (found, verified, 0);
    }

    /// <summary>Follows another place.</summary>
    public void Follow(int position)
    {
        if (history.Holds(position))
            (at, length, misses) = (position, 0, 1);
    }

    /// <summary>Sees the element that came, which is in the history already, and goes on.</summary>
    public void Learn(ulong key)
    {
        if (at < 0)
            return;
        ulong expected = history[at];
        if (history.AreAlike(key, expected))
        {
            length = Math.Min(length + 1, 1 << 16);
            misses = misses > 0 && length < Settled ? misses : 0;
            flipped = key != expected;
        }
        else
        {
            (length, misses) = (length / 4, misses + 1);
            if (misses > Patience)
                at = -1;
        }
        if (at >= 0)
            at += mirrored ? -1 : 1;
    }
}

namespace Decant.Runtime.Stages;

/// <summary>How work is shared out between threads.</summary>
internal static class Share
{
    // Less work than this is done before another thread has woken.
    private const long LeastMacs = 100_000;

    /// <summary>How many units make a piece, so that each of the threads gets a few pieces that are worth handing over.</summary>
    public static int Grain(int units, long macs, int threads)
    {
        if (threads <= 1) return Math.Max(1, units);
        long pieces = Math.Clamp(macs / LeastMacs, 1, threads * 2L);
        return (int)Math.Max(1, (units + pieces - 1) / pieces);
    }
}

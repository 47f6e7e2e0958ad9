using System.Runtime.ExceptionServices;

namespace Decant.Runtime;

/// <summary>How a kernel spreads independent pieces of work. What a piece computes must not depend on how many threads there are.</summary>
/// <param name="count">The most threads at once.</param>
/// <param name="token">Stops the work between pieces.</param>
internal sealed class Threads(int count, CancellationToken token)
{
    private readonly ParallelOptions options = new() { MaxDegreeOfParallelism = count, CancellationToken = token };

    /// <summary>The most threads at once.</summary>
    public int Count => count;

    /// <summary>Stops the work.</summary>
    public CancellationToken Token => token;

    /// <summary>Runs pieces 0 to <paramref name="pieces"/> - 1, in any order.</summary>
    public void For(int pieces, Action<int> body)
    {
        if (count > 1 && pieces > 1)
        {
            Spread(pieces, body);
            return;
        }
        for (int i = 0; i < pieces; i++)
        {
            token.ThrowIfCancellationRequested();
            body(i);
        }
    }

    /// <summary>Cuts 0..<paramref name="items"/> into ranges of at most <paramref name="grain"/> and runs each.</summary>
    public void Ranges(int items, int grain, Action<int, int> body) =>
        For((int)(((long)items + grain - 1) / grain), i => body(i * grain, (int)Math.Min(items, (i + 1L) * grain)));

    private void Spread(int pieces, Action<int> body)
    {
        try
        {
            Parallel.For(0, pieces, options, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

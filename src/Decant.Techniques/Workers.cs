using System.Runtime.ExceptionServices;

namespace Decant.Techniques;

/// <summary>
/// How a technique spreads independent pieces of work: on the run's threads, until the run is stopped. What a piece
/// computes must not depend on how many threads there are.
/// </summary>
/// <param name="Threads">The most threads at once, 0 for one a processor.</param>
/// <param name="Cancellation">Stops between pieces.</param>
internal readonly record struct Workers(int Threads, CancellationToken Cancellation)
{
    private int Most => Threads == 0 ? Environment.ProcessorCount : Threads;

    /// <summary>Runs pieces from <paramref name="from"/> to below <paramref name="to"/>, in any order.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void For(int from, int to, Action<int> piece)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Most == 1)
        {
            for (int i = from; i < to; i++, Cancellation.ThrowIfCancellationRequested())
                piece(i);
            return;
        }
        var options = new ParallelOptions { MaxDegreeOfParallelism = Most, CancellationToken = Cancellation };
        Unwrapped(() => Parallel.For(from, to, options, piece));
    }

    /// <summary>Runs two pieces, each of which may split what threads it is given.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Both(Action<Workers> first, Action<Workers> second)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (Most == 1)
        {
            first(this);
            second(this);
            return;
        }
        Workers half = this with { Threads = Most / 2 },
            rest = this with { Threads = Most - Most / 2 };
        Unwrapped(() => Parallel.Invoke(() => first(half), () => second(rest)));
    }

    private static void Unwrapped(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

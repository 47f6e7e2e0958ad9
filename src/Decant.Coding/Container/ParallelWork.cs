using System.Runtime.ExceptionServices;

namespace Decant.Coding;

/// <summary>
/// Independent pieces of work on several threads; each writes its own result, so that the order does not matter.
/// </summary>
internal static class ParallelWork
{
    /// <summary>Does all pieces; the error of the first that failed, by number, is thrown as it was.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="threads">The most threads, 0 for one a processor.</param>
    /// <param name="work">Does one.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void For(int count, int threads, Action<int> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads,
            CancellationToken = cancellation,
        };
        var failures = new Exception?[count];
        Parallel.For(0, count, options, i =>
        {
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, e => e is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }
}

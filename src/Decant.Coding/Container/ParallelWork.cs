using System.Runtime.ExceptionServices;

namespace Decant.Coding;

/// <summary>
/// Independent pieces of work on all cores; each writes its own result, so that the order does not matter.
/// </summary>
internal static class ParallelWork
{
    /// <summary>Does all pieces; the error of the first that failed, by number, is thrown as it was.</summary>
    public static void For(int count, Action<int> work)
    {
        var failures = new Exception?[count];
        Parallel.For(0, count, i =>
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

using Xunit;

namespace Decant.Tests;

/// <summary>Whether work allocates on its thread.</summary>
internal static class Allocations
{
    /// <summary>
    /// Fails if the work allocates every time. Once may be the runtime's own doing: when another thread collects
    /// garbage, what was set aside for this one counts as allocated.
    /// </summary>
    public static void None(Action work)
    {
        work();
        Assert.Contains(Enumerable.Range(0, 10).Select(_ => Of(work)), bytes => bytes == 0);
    }

    private static long Of(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

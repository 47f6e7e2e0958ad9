using Decant.Core;
using Xunit;

namespace Decant.Tests.Mutation;

/// <summary>
/// Feeds damaged files to a reader and asserts that it reads them or says what is wrong, with bounded memory.
/// </summary>
public static class Hostile
{
    /// <summary>Runs a reader on damaged copies of a file.</summary>
    /// <param name="original">The whole file, which the reader must accept.</param>
    /// <param name="count">How many copies.</param>
    /// <param name="seed">Decides the damage.</param>
    /// <param name="read">The reader.</param>
    /// <param name="allocation">The most bytes that it may allocate for a file of so many.</param>
    /// <returns>How many copies were refused.</returns>
    public static int Run(byte[] original, int count, ulong seed, Action<byte[]> read, Func<int, long> allocation)
    {
        read(original);
        var mutator = new Mutator(seed);
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = mutator.Mutate(original);
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (!Accepts(read, bytes, i))
                refused++;
            long took = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                took <= allocation(bytes.Length),
                $"copy {i} of seed {seed}, {bytes.Length} bytes: {took} bytes were allocated"
            );
        }
        return refused;
    }

    private static bool Accepts(Action<byte[]> read, byte[] bytes, int i)
    {
        try
        {
            read(bytes);
            return true;
        }
        catch (DecantException e)
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            return false;
        }
        catch (Exception e)
        {
            Assert.Fail($"copy {i}: {e}");
            throw;
        }
    }
}

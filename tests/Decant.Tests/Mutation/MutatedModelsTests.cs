using Decant.Core;
using Xunit;

namespace Decant.Tests.Mutation;

/// <summary>
/// Damaged models and containers of every operator are read, planned and run: nothing but Decant's own exceptions, and
/// memory within bounds. <c>./dev bench mutations</c> is the long form.
/// </summary>
public sealed class MutatedModelsTests
{
    private const int Count = 3000;
    private const long MaxAllocation = 400 << 20;

    [Fact]
    public void Every_damaged_file_is_run_or_refused_in_one_line()
    {
        var models = new MutatedModels();
        int ran = 0,
            refused = 0;
        for (long place = 0; place < Count; place++)
        {
            // Neighbours in place come from other files, each step from a file further on.
            var (bytes, isContainer) = models.Damaged(17, place * 7);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Outcome outcome = Run(bytes, isContainer, place);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocation);
            ran += outcome == Outcome.Ran ? 1 : 0;
            refused += outcome is Outcome.Refused or Outcome.Unread ? 1 : 0;
        }
        Assert.InRange(ran, Count / 20, Count);
        Assert.InRange(refused, Count / 20, Count);
    }

    [Fact]
    public void One_seed_gives_the_same_files()
    {
        var models = new MutatedModels();
        for (long place = 0; place < 50; place++)
            Assert.Equal(models.Damaged(3, place * 11).Bytes, models.Damaged(3, place * 11).Bytes);
    }

    private static Outcome Run(byte[] bytes, bool isContainer, long place)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            return MutatedModels.Run(bytes, isContainer, stop.Token);
        }
        catch (Exception e)
        {
            Assert.Fail($"copy {place}: {e}");
            throw;
        }
    }
}

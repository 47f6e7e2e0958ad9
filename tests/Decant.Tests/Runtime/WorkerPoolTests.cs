using Decant.Runtime;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Xunit;

namespace Decant.Tests.Runtime;

public sealed unsafe class WorkerPoolTests
{
    [Fact]
    public void EveryPieceOfEveryRoundRunsOnceBeforeTheRoundEnds()
    {
        // Rounds follow each other at once and differ in length: a thread that comes late to one must not touch the
        // next.
        using var pool = new WorkerPool(4, 16);
        Counting[] stages = [.. new[] { 2, 7, 1, 64, 3, 0, 16, 5 }.Select(pieces => new Counting(pieces))];
        for (int round = 0; round < 100_000; round++)
        {
            Counting stage = stages[round % stages.Length];
            stage.Clear();
            pool.Run(stage, default);
            Assert.True(stage.Once, $"round {round} of {stage.Pieces} pieces");
        }
    }

    [Fact]
    public void ThreadsThatSleptTakePartAgain()
    {
        using var pool = new WorkerPool(3, 0);
        using var meeting = new Meeting(3);
        for (int round = 0; round < 3; round++)
        {
            Thread.Sleep(30);
            pool.Run(meeting, default);
        }
        Assert.Equal(9, meeting.Met);
    }

    [Fact]
    public void ManyPoolsWorkAndEndBesideEachOther()
    {
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 20; i++)
            {
                using var pool = new WorkerPool(3, 0);
                var stage = new Counting(11);
                for (int round = 0; round < 50; round++)
                {
                    stage.Clear();
                    pool.Run(stage, default);
                    Assert.True(stage.Once);
                }
            }
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AFailureReachesTheCallerAndTheNextRoundRuns(int threads)
    {
        using var pool = new WorkerPool(threads, 0);
        for (int i = 0; i < 50; i++)
        {
            var e = Assert.Throws<InvalidOperationException>(() => pool.Run(new Failing(5), default));
            Assert.Equal("piece 3", e.Message);
            var after = new Counting(9);
            pool.Run(after, default);
            Assert.True(after.Once);
        }
    }

    [Fact]
    public void EachThreadHasScratchOfItsOwn()
    {
        using var pool = new WorkerPool(3, 1000);
        Assert.Equal(1000, pool.ScratchFloats);
        for (int i = 0; i < 200; i++)
            pool.Run(new Scribbling(12), default);
    }

    [Fact]
    public void EndingTwiceIsAllowed()
    {
        var pool = new WorkerPool(3, 0);
        var stage = new Counting(4);
        pool.Dispose();
        pool.Dispose();
        pool.Run(stage, default);
        Assert.True(stage.Once);
    }

    [Fact]
    public void ThreadsEndWithThePool()
    {
        var pool = new WorkerPool(3, 0);
        using var meeting = new Meeting(3);
        pool.Run(meeting, default);
        pool.Dispose();
        Assert.Equal(3, meeting.Threads.Distinct().Count());
        Assert.All(meeting.Threads.Where(t => t != Thread.CurrentThread), t => Assert.False(t.IsAlive));
    }

    private abstract class Test : Stage
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        protected Test(int pieces) => (Name, Kernel, Pieces) = ("test", "test", pieces);

        public override IEnumerable<PlanBuffer> Buffers => [];

        public override void Bind() { }
    }

    [method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private sealed class Counting(int pieces) : Test(pieces)
    {
        private readonly int[] runs = new int[pieces];

        public bool Once => Array.TrueForAll(runs, r => r == 1);

        public void Clear() => Array.Clear(runs);

        public override void Run(int piece, float* scratch, CancellationToken cancellation) =>
            Interlocked.Increment(ref runs[piece]);
    }

    /// <summary>Each piece waits until all run: only as many threads as pieces can do that.</summary>
    [method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private sealed class Meeting(int pieces) : Test(pieces), IDisposable
    {
        private readonly Barrier barrier = new(pieces);
        private int met;

        public Thread[] Threads { get; } = new Thread[pieces];

        public int Met => met;

        public void Dispose() => barrier.Dispose();

        public override void Run(int piece, float* scratch, CancellationToken cancellation)
        {
            Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30), cancellation), "a thread did not come");
            Threads[piece] = Thread.CurrentThread;
            Interlocked.Increment(ref met);
        }
    }

    [method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private sealed class Failing(int pieces) : Test(pieces)
    {
        public override void Run(int piece, float* scratch, CancellationToken cancellation)
        {
            if (piece == 3)
                throw new InvalidOperationException("piece 3");
        }
    }

    [method: System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private sealed class Scribbling(int pieces) : Test(pieces)
    {
        public override void Run(int piece, float* scratch, CancellationToken cancellation)
        {
            var mine = new Span<float>(scratch, 1000);
            mine.Fill(piece);
            Thread.SpinWait(200);
            Assert.False(mine.ContainsAnyExcept((float)piece));
        }
    }
}

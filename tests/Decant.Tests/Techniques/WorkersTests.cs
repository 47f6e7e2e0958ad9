using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Clustering;
using Decant.Techniques.LinearAlgebra;
using Xunit;

namespace Decant.Tests.Techniques;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoMoreThreadsWorkThanWereAskedFor(int threads)
    {
        int now = 0,
            most = 0,
            done = 0;
        var workers = new Workers(threads, default);
        workers.For(3, 40, _ => Piece());
        Split(workers, 5);
        Assert.Equal(37 + 32, done);
        Assert.InRange(most, 1, threads);

        void Split(Workers some, int depth)
        {
            if (depth == 0)
                Piece();
            else
                some.Both(w => Split(w, depth - 1), w => Split(w, depth - 1));
        }

        void Piece()
        {
            int working = Interlocked.Increment(ref now);
            InterlockedMax(ref most, working);
            Thread.Sleep(2);
            Interlocked.Increment(ref done);
            Interlocked.Decrement(ref now);
        }
    }

    [Fact]
    public void WorkIsStopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var workers = new Workers(2, stop.Token);
        double[] one = [4, 1, 1, 3];
        float[] values = [.. Enumerable.Range(0, 100).Select(i => (float)(i * i))];
        Assert.ThrowsAny<OperationCanceledException>(() => CholeskyFactor.Of(one, 2, [0, 1], workers));
        Assert.ThrowsAny<OperationCanceledException>(() => DotProducts.Add(one, one, 1, 4, [0], workers));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            KMeans.Find(values, 4, CentroidStart.Exact, new Rng(0), workers)
        );
    }

    [Fact]
    public void AnErrorIsThrownAsItWas()
    {
        var workers = new Workers(2, default);
        Assert.Equal(
            "3",
            Assert
                .Throws<ModelException>(() => workers.For(0, 9, i => _ = i == 3 ? throw new ModelException("3") : 0))
                .Message
        );
        Assert.Throws<ModelException>(() => workers.Both(_ => { }, _ => throw new ModelException("no")));
    }

    [Fact]
    public void ClustersDoNotDependOnThreads()
    {
        var rng = new Rng(5);
        SortedValues values = SortedValues.Of([.. Enumerable.Range(0, 60_000).Select(_ => (float)rng.NextNormal())]);
        Assert.Equal(
            ExactKMeans.ByRows(values, 5, new Workers(1, default)),
            ExactKMeans.ByRows(values, 5, new Workers(4, default))
        );
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = most; value > seen; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}

using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class TorchRunTests
{
    [TorchFact]
    public void RunsAtOnceDrawWhatEachDrawsAlone()
    {
        float[][] alone = [Draw(1, () => { }), Draw(2, () => { })];
        using var turns = new Barrier(2);
        float[][] together = new float[2][];
        Thread[] threads =
        [
            .. Enumerable.Range(0, 2).Select(i => new Thread(() => together[i] = Draw(i + 1, turns.SignalAndWait))),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
        Assert.NotEqual(alone[0], alone[1]);
    }

    [TorchFact]
    public void ARunThatDoesNotSeedBeginsAsAProcessDoes()
    {
        float[] One()
        {
            using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
            using var scope = new TorchScope();
            return Ops.Rand([5]).ToArray<float>();
        }
        float[] first = One();
        LibTorch.Seed(99);
        Assert.Equal(first, One());
    }

    [TorchFact]
    public void WhatIsDrawnOutsideGoesOnAfterARun()
    {
        using var scope = new TorchScope();
        LibTorch.Seed(3);
        float[] whole = Ops.Rand([6]).ToArray<float>();
        LibTorch.Seed(3);
        float[] before = Ops.Rand([3]).ToArray<float>();
        Draw(1, () => { });
        float[] after = Ops.Rand([3]).ToArray<float>();
        Assert.Equal(whole, before.Concat(after));
    }

    [TorchFact]
    public void APartOfARunDrawsOnFromIt()
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        using var scope = new TorchScope();
        LibTorch.Seed(3);
        float[] whole = Ops.Rand([6]).ToArray<float>();
        LibTorch.Seed(3);
        float[] first = Ops.Rand([3]).ToArray<float>(),
            second;
        using (TorchRun.Begin())
            second = Ops.Rand([3]).ToArray<float>();
        Assert.Equal(whole, first.Concat(second));
    }

    [TorchFact]
    public void RunsAtOnceNeedEquallyManyThreads()
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        using var scope = new TorchScope();
        Ops.Zeros([1]);
        Exception? failure = null;
        var other = new Thread(() =>
        {
            using TorchRun second = TorchRun.Begin(new TorchSettings { Threads = 2 });
            using var inner = new TorchScope();
            failure = Record.Exception(() => Ops.Zeros([1]));
        });
        other.Start();
        other.Join();
        Assert.Contains("asks for 2: runs at once need equally many", Assert.IsType<TorchException>(failure).Message);
        using (TorchRun.Begin(new TorchSettings { Threads = 2 }))
        {
            Ops.Zeros([1]);
            Assert.Equal(2, LibTorch.Threads);
        }
        Assert.Equal(1, LibTorch.Threads);
    }

    [TorchFact]
    public void EachThreadIsToldOfTheFailureInItsOwnGraph()
    {
        using var turns = new Barrier(2);
        string[] messages = new string[2];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(i => new Thread(() => messages[i] = Fail($"failure {i}", turns.SignalAndWait))),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Contains("failure 0", messages[0]);
        Assert.Contains("failure 1", messages[1]);
    }

    private static string Fail(string message, Action turn)
    {
        using var scope = new TorchScope();
        TorchTensor x = TorchTensor.From<float>([1, 2], 2);
        x.RequiresGrad = true;
        TorchTensor y = x.Mul(2);
        y.OnGradient(_ =>
        {
            turn();
            throw new InvalidOperationException(message);
        });
        return Assert.Throws<TorchException>(() => y.Sum().Backward()).Message;
    }

    private static float[] Draw(int seed, Action turn)
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        using var scope = new TorchScope();
        LibTorch.Seed(seed);
        var drawn = new List<float>();
        for (int i = 0; i < 20; i++)
        {
            turn();
            drawn.AddRange(Ops.Rand([7]).ToArray<float>());
            drawn.AddRange(Ops.Full([5], 0.5).Bernoulli().ToArray<float>());
        }
        return [.. drawn];
    }
}

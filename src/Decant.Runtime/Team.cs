using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime;

/// <summary>
/// The threads of a session: the caller's and some of its own, which wait for work a short while before they sleep. Pieces of a stage
/// are handed out one by one.
/// </summary>
internal sealed unsafe class Team : IDisposable
{
    private const int Spins = 20_000;
    private readonly Thread[] helpers;
    private readonly Pinned<float>[] scratch;
    private readonly SemaphoreSlim wake = new(0);
    private Stage? stage;
    private int next, working, round, sleeping;
    private volatile bool ended;
    private Exception? failure;

    /// <summary>Starts threads.</summary>
    /// <param name="count">How many, the caller's included.</param>
    /// <param name="scratchFloats">How much scratch each needs.</param>
    public Team(int count, int scratchFloats)
    {
        scratch = [.. Enumerable.Range(0, count).Select(_ => new Pinned<float>(scratchFloats))];
        helpers = [.. Enumerable.Range(1, count - 1).Select(i => new Thread(() => Help(i)) { IsBackground = true, Name = $"decant {i}" })];
        foreach (Thread helper in helpers) helper.Start();
    }

    /// <summary>Floats of scratch that each has.</summary>
    public int ScratchFloats => scratch[0].Count;

    /// <summary>How many threads there are, the caller's included.</summary>
    public int Count => scratch.Length;

    /// <summary>Runs all pieces of a stage; returns when they are done.</summary>
    public void Run(Stage work)
    {
        if (work.Pieces == 1 || Count == 1)
        {
            for (int piece = 0; piece < work.Pieces; piece++) work.Run(piece, scratch[0].Address);
            return;
        }
        stage = work;
        failure = null;
        next = 0;
        Volatile.Write(ref working, helpers.Length);
        Interlocked.Increment(ref round);
        int asleep = Volatile.Read(ref sleeping);
        if (asleep > 0) wake.Release(asleep);
        Work(work, 0);
        var wait = new SpinWait();
        while (Volatile.Read(ref working) > 0) wait.SpinOnce(-1);
        if (failure is not null) throw new InvalidOperationException("a stage failed", failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        ended = true;
        Interlocked.Increment(ref round);
        if (helpers.Length > 0) wake.Release(helpers.Length);
        foreach (Thread helper in helpers) helper.Join();
        wake.Dispose();
    }

    private void Work(Stage work, int lane)
    {
        for (int piece = Interlocked.Increment(ref next) - 1; piece < work.Pieces; piece = Interlocked.Increment(ref next) - 1)
            work.Run(piece, scratch[lane].Address);
    }

    private void Help(int lane)
    {
        for (int seen = 0; ;)
        {
            Await(seen);
            seen++;
            if (ended) return;
            try
            {
                Work(stage!, lane);
            }
            catch (Exception e) // A thread must not end the process; the caller hears of it.
            {
                failure = e;
            }
            Interlocked.Decrement(ref working);
        }
    }

    /// <summary>Waits for the round after one.</summary>
    private void Await(int seen)
    {
        for (int i = 0; i < Spins; i++)
        {
            if (Volatile.Read(ref round) != seen) return;
            Thread.SpinWait(8);
        }
        while (Volatile.Read(ref round) == seen)
        {
            Interlocked.Increment(ref sleeping);
            // Whoever starts a round after this sees that somebody sleeps.
            if (Volatile.Read(ref round) == seen) wake.Wait();
            Interlocked.Decrement(ref sleeping);
        }
    }
}

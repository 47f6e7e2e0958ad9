using System.Runtime.ExceptionServices;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime;

/// <summary>
/// How a kernel spreads independent pieces of work. What a piece computes must not depend on how many threads there
/// are.
/// </summary>
/// <param name="count">The most threads at once.</param>
/// <param name="token">Stops the work between pieces.</param>
internal sealed class Threads(int count, CancellationToken token)
{
    private readonly ParallelOptions options = new() { MaxDegreeOfParallelism = count, CancellationToken = token };

    /// <summary>The most threads at once.</summary>
    public int Count => count;

    /// <summary>Stops the work.</summary>
    public CancellationToken Token => token;

    /// <summary>Runs pieces 0 to <paramref name="pieces"/> - 1, in any order.</summary>
    public void For(int pieces, Action<int> body)
    {
        if (count > 1 && pieces > 1)
        {
            Spread(pieces, body);
            return;
        }
        for (int i = 0; i < pieces; i++)
        {
            token.ThrowIfCancellationRequested();
            body(i);
        }
    }

    /// <summary>
    /// Cuts 0..<paramref name="items"/> into ranges of at most <paramref name="grain"/> and runs each.
    /// </summary>
    public void Ranges(int items, int grain, Action<int, int> body) =>
        For((int)(((long)items + grain - 1) / grain), i => body(i * grain, (int)Math.Min(items, (i + 1L) * grain)));

    private void Spread(int pieces, Action<int> body)
    {
        try
        {
            Parallel.For(0, pieces, options, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

/// <summary>
/// The worker threads of a session: the caller's and some of its own, which wait for work a short while before they
/// sleep.
/// Pieces of a stage are handed out one by one to whoever asks; the caller never waits for a thread that has no piece.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int Spins = 20_000;
    private readonly Thread[] helpers;
    private readonly Pinned<float>[] scratch;
    private readonly SemaphoreSlim wake = new(0);
    private Stage? stage;
    private CancellationToken token;
    private Exception? failure;
    private volatile bool ended;
    private int done,
        sleeping;

    // The round in the upper half, the next piece in the lower: a thread that comes late to a round cannot take a piece
    // of the next.
    private long ticket;

    /// <summary>Starts threads.</summary>
    /// <param name="count">How many, the caller's included.</param>
    /// <param name="scratchFloats">How much scratch each needs.</param>
    public WorkerPool(int count, int scratchFloats)
    {
        scratch = [.. Enumerable.Range(0, count).Select(_ => new Pinned<float>(scratchFloats))];
        helpers =
        [
            .. Enumerable
                .Range(1, count - 1)
                .Select(i => new Thread(() => Help(i)) { IsBackground = true, Name = $"decant {i}" }),
        ];
        foreach (Thread helper in helpers)
            helper.Start();
    }

    /// <summary>Floats of scratch that each has.</summary>
    public int ScratchFloats => scratch[0].Count;

    /// <summary>Runs all pieces of a stage; returns when they are done, or throws what the first that failed
    /// threw.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(Stage work, CancellationToken cancellation)
    {
        if (work.Pieces <= 1 || helpers.Length == 0)
        {
            for (int piece = 0; piece < work.Pieces; piece++)
            {
                cancellation.ThrowIfCancellationRequested();
                work.Run(piece, scratch[0].Address, cancellation);
            }
            return;
        }
        // First the last round is closed: a thread still in it would else find this stage and take one of its pieces
        // too early.
        long round = (ticket >> 32) + 1;
        Interlocked.Exchange(ref ticket, (round - 1) << 32 | int.MaxValue);
        (stage, token, failure, done) = (work, cancellation, null, 0);
        Interlocked.Exchange(ref ticket, round << 32);
        int asleep = Volatile.Read(ref sleeping);
        if (asleep > 0)
            wake.Release(Math.Min(asleep, work.Pieces - 1));
        Work(round, 0);
        var wait = new SpinWait();
        while (Volatile.Read(ref done) < work.Pieces)
            wait.SpinOnce(-1);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads; what is run after that the caller computes alone.</summary>
    public void Dispose()
    {
        if (ended)
            return;
        ended = true;
        Interlocked.Exchange(ref ticket, ((ticket >> 32) + 1) << 32 | int.MaxValue);
        if (helpers.Length > 0)
            wake.Release(helpers.Length);
        foreach (Thread helper in helpers)
            helper.Join();
        wake.Dispose();
    }

    /// <summary>Takes pieces of a round until none is left.</summary>
    private void Work(long round, int lane)
    {
        for (long seen = Volatile.Read(ref ticket); seen >> 32 == round; seen = Volatile.Read(ref ticket))
        {
            Stage work = stage!;
            int piece = (int)seen;
            if (piece >= work.Pieces)
                return;
            if (Interlocked.CompareExchange(ref ticket, seen + 1, seen) != seen)
                continue;
            try
            {
                // After a failure the pieces that are left are handed out, but not computed.
                if (Volatile.Read(ref failure) is null)
                {
                    token.ThrowIfCancellationRequested();
                    work.Run(piece, scratch[lane].Address, token);
                }
            }
            catch (Exception e) // A thread must not end the process; the caller hears of it.
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
            Interlocked.Increment(ref done);
        }
    }

    private void Help(int lane)
    {
        for (long round = 0; !ended; )
        {
            round = Await(round);
            if (!ended)
                Work(round, lane);
        }
    }

    /// <summary>Waits for a round after one, and says which it is.</summary>
    private long Await(long last)
    {
        for (int i = 0; i < Spins; i++)
        {
            if (Volatile.Read(ref ticket) >> 32 is var round && round != last)
                return round;
            Thread.SpinWait(8);
        }
        while (Volatile.Read(ref ticket) >> 32 == last)
        {
            Interlocked.Increment(ref sleeping);
            // Whoever starts a round after this sees that somebody sleeps.
            if (Volatile.Read(ref ticket) >> 32 == last)
                wake.Wait();
            Interlocked.Decrement(ref sleeping);
        }
        return Volatile.Read(ref ticket) >> 32;
    }
}

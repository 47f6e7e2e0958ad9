using System.Diagnostics;

namespace Decant.Speed;

/// <summary>
/// Times contenders in one process by turns, A B B A A B …, so that what the machine does meanwhile falls on all
/// alike.
/// Ratios are taken within a round.
/// </summary>
public sealed class Turns
{
    private readonly List<double>[] runs;
    private readonly List<double>[] rounds;

    private Turns(int contenders) =>
        (runs, rounds) = (
            [.. Enumerable.Range(0, contenders).Select(_ => new List<double>())],
            [.. Enumerable.Range(0, contenders).Select(_ => new List<double>())]
        );

    /// <summary>Times the contenders' runs.</summary>
    public static Turns Take(
        IReadOnlyList<IContender> contenders,
        TurnOptions options,
        CancellationToken cancellation = default
    )
    {
        var turns = new Turns(contenders.Count);
        int rounds = Math.Clamp(options.Runs ?? options.Rounds, 1, options.Rounds);
        int[] counts = [.. contenders.Select(c => RunsATurn(c, options, rounds))];
        for (int round = 0; round < rounds; round++)
        for (int k = 0; k < contenders.Count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            int who = round % 2 == 0 ? k : contenders.Count - 1 - k;
            turns.Take(who, contenders[who], counts[who], options);
        }
        return turns;
    }

    /// <summary>Milliseconds of one run of a contender.</summary>
    public Timing Of(int contender) => Timing.Of(runs[contender]);

    /// <summary>The median time of one contender over another's, round by round.</summary>
    public Timing Ratio(int contender, int other) => Timing.Of(rounds[contender].Zip(rounds[other], (a, b) => a / b));

    private static int RunsATurn(IContender contender, TurnOptions options, int rounds)
    {
        contender.Run();
        if (options.Runs is { } runs)
            return (runs + rounds - 1) / rounds;
        double once = Warm(contender, 200);
        return (int)Math.Clamp(options.Seconds * 1000 / rounds / once, 1, 100_000);
    }

    private void Take(int who, IContender contender, int count, TurnOptions options)
    {
        Thread.Sleep(options.Rest);
        Warm(contender, options.WarmUp);
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            contender.Run();
            // Not as a TimeSpan, which counts in tenths of microseconds: small networks take a few.
            times[i] = Math.Max(1, Stopwatch.GetTimestamp() - start) * 1000.0 / Stopwatch.Frequency;
        }
        runs[who].AddRange(times);
        rounds[who].Add(Timing.Of(times).Median);
    }

    /// <summary>Runs for some milliseconds, at least twice; milliseconds of a run.</summary>
    private static double Warm(IContender contender, double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        do contender.Run();
        while (++count < 2 || Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
    }
}

/// <summary>How contenders take turns.</summary>
public sealed record TurnOptions
{
    /// <summary>How often each has its turn.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>
    /// Timed runs of each over all its turns; null for as many as <see cref="Seconds"/> allow, and no fewer than one a
    /// turn.
    /// </summary>
    public int? Runs { get; init; }

    /// <summary>The time of each over all its turns, where <see cref="Runs"/> is not given.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Milliseconds of untimed runs that begin each turn: the other's numbers leave the caches.</summary>
    public double WarmUp { get; init; } = 10;

    /// <summary>
    /// Milliseconds of silence before each turn, in which threads that wait for work spinning fall asleep.
    /// </summary>
    public int Rest { get; init; } = 50;
}

/// <summary>Many measurements of one thing: the median and the quartiles around it.</summary>
/// <param name="Median">Half are below it.</param>
/// <param name="Low">A quarter is below it.</param>
/// <param name="High">A quarter is above it.</param>
/// <param name="Count">How many there were.</param>
public sealed record Timing(double Median, double Low, double High, int Count)
{
    /// <summary>Sums measurements up.</summary>
    public static Timing Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Timing(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75), sorted.Length);
    }

    /// <summary>The same, each measurement divided.</summary>
    public Timing Over(double divisor) => new(Median / divisor, Low / divisor, High / divisor, Count);

    private static double Quantile(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}

using System.Diagnostics;

namespace Decant.Speed;

/// <summary>
/// Times contenders in one process by turns, A B B A A B …, so that what the machine does meanwhile falls on all alike. Ratios are taken
/// within a round.
/// </summary>
public sealed class Turns
{
    private readonly List<double>[] runs;
    private readonly List<double>[] rounds;

    private Turns(int contenders) =>
        (runs, rounds) = ([.. Enumerable.Range(0, contenders).Select(_ => new List<double>())], [.. Enumerable.Range(0, contenders).Select(_ => new List<double>())]);

    /// <summary>Times the contenders' runs.</summary>
    public static Turns Take(IReadOnlyList<IContender> contenders, TurnOptions options, CancellationToken cancellation = default)
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
        if (options.Runs is { } runs) return (runs + rounds - 1) / rounds;
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
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
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

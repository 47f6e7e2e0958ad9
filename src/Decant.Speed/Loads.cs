using System.Diagnostics;

namespace Decant.Speed;

/// <summary>Milliseconds from a file to its first answer, by turns; the code is warm and the files are in the system's cache.</summary>
/// <param name="Ours">The first's.</param>
/// <param name="Theirs">The second's; null if there is none.</param>
/// <param name="Ratio">The first's over the second's, pair by pair.</param>
public sealed record Loads(Timing Ours, Timing? Theirs, Timing? Ratio)
{
    /// <summary>Measures; the first turn of each is not counted.</summary>
    public static Loads Measure(Action ours, Action? theirs, int count)
    {
        var (first, second) = (new List<double>(), new List<double>());
        for (int i = -1; i < count; i++)
        {
            double a = Milliseconds(ours), b = theirs is null ? 0 : Milliseconds(theirs);
            if (i < 0) continue;
            first.Add(a);
            second.Add(b);
        }
        return theirs is null ? new Loads(Timing.Of(first), null, null)
            : new Loads(Timing.Of(first), Timing.Of(second), Timing.Of(first.Zip(second, (a, b) => a / b)));
    }

    private static double Milliseconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

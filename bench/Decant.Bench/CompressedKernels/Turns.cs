using System.Diagnostics;
using Decant.Reports;

namespace Decant.Bench;

/// <summary>Times of two ways to do the same, each pair one right after the other, in microseconds.</summary>
internal sealed class Turns
{
    private const int WarmUps = 40;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private const double LeastMicroseconds = 200;
    private readonly List<double> ours = [],
        theirs = [],
        ratios = [];

    /// <summary>
    /// Runs both until they are warm, then some pairs; what is short runs several times for one measurement.
    /// </summary>
    public static Turns Measure(Action ours, Action theirs, int pairs)
    {
        var turns = new Turns();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(start) < WarmUp; i++)
        {
            ours();
            theirs();
        }
        int few = Times(ours),
            many = Times(theirs);
        for (int i = 0; i < pairs; i++)
        {
            double a = Time(ours, few),
                b = Time(theirs, many);
            turns.ours.Add(a);
            turns.theirs.Add(b);
            turns.ratios.Add(b / a);
        }
        turns.ratios.Sort();
        return turns;
    }

    /// <summary>How many times faster ours is: the median of the pairs, and the quartiles.</summary>
    public ResultRow Row(string what, double? must, double? goal)
    {
        string name =
            $"{what}: {EpochPairs.Median(ours):#,0.0} us, floats {EpochPairs.Median(theirs):#,0.0} us "
            + $"(quartiles {ratios[ratios.Count / 4]:0.0} to {ratios[ratios.Count * 3 / 4]:0.0})";
        double median = EpochPairs.Median(ratios);
        Console.Error.WriteLine($"  {name}: {median:0.00}");
        return must is { } bound
            ? ResultRow.AtLeast(name, median, bound, goal, "x as fast")
            : ResultRow.Reported(name, median, "x as fast");
    }

    private static int Times(Action action) => (int)Math.Max(1, LeastMicroseconds / Math.Max(0.1, Time(action, 1)));

    private static double Time(Action action, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / times;
    }
}

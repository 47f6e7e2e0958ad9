namespace Decant.Speed;

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

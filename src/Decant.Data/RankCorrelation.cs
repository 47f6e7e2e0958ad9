namespace Decant.Data;

/// <summary>Spearman's rank correlation (Spearman 1904): Pearson's correlation of ranks.</summary>
public static class RankCorrelation
{
    /// <summary>The rank correlation of two lists of equal length.</summary>
    /// <returns>-1 to 1; 0 where a list holds equal values only, so that it ranks nothing.</returns>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double Spearman(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"{a.Length} values cannot be correlated with {b.Length}", nameof(b));
        return Pearson(Ranks(a), Ranks(b));
    }

    /// <summary>The rank of each value, from 1; equal values share the mean of their ranks, and what is no number
    /// comes first.</summary>
    public static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            end = first + 1;
            while (end < sorted.Length && sorted[end].Equals(sorted[first]))
                end++;
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + 1 + end) / 2.0;
        }
        return ranks;
    }

    private static double Pearson(double[] a, double[] b)
    {
        if (a.Length == 0)
            return 0;
        double meanA = a.Average(),
            meanB = b.Average(),
            product = 0,
            left = 0,
            right = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA,
                y = b[i] - meanB;
            (product, left, right) = (product + x * y, left + x * x, right + y * y);
        }
        return left == 0 || right == 0 ? 0 : product / Math.Sqrt(left * right);
    }
}

namespace Decant.Techniques.Clustering;

/// <summary>
/// ±2^e of neighbouring exponents, and zero, as centroids (Miyashita, Lee, Murmann: *Convolutional Neural
/// Networks using Logarithmic Data Representation*, 2016): a product with one is a shift.
/// </summary>
internal static class PowersOfTwo
{
    private const int LeastExponent = -126,
        MostExponent = 127;

    /// <summary>
    /// At most <paramref name="count"/> numbers, rising, with the largest exponent of which the sum of squared
    /// distances to the nearest is least; those that are nearest to none are left out.
    /// </summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="count">2 or more; of 2, and where zero stands apart, zero is none of them.</param>
    /// <param name="apart">Whether zero stands apart.</param>
    public static float[] Find(ReadOnlySpan<float> values, int count, bool apart)
    {
        float largest = 0;
        double sum = 0;
        int numbers = 0;
        foreach (float v in values)
            if (v != 0)
                (largest, sum, numbers) = (Math.Max(largest, Math.Abs(v)), sum + Math.Abs(v), numbers + 1);
        if (largest == 0)
            return values.IsEmpty ? [] : [0];
        // The largest power is never far below the mean magnitude: what it clips would cost more than it saves.
        int top = ExponentOf(largest),
            bottom = Math.Max(LeastExponent, ExponentOf(sum / numbers) - 2);
        (float[] Best, double Error) found = ([], double.PositiveInfinity);
        for (int e = top; e >= bottom; e--)
        {
            (float[] used, double error) = Used(values, Candidates(e, count, apart));
            if (error < found.Error)
                found = (used, error);
        }
        return found.Best;
    }

    private static int ExponentOf(double number) =>
        (int)Math.Clamp(Math.Ceiling(Math.Log2(number)), LeastExponent, MostExponent);

    private static float[] Candidates(int top, int count, bool apart)
    {
        bool withZero = !apart && count > 2;
        int powers = Math.Max(1, (withZero ? count - 1 : count) / 2);
        float[] rising =
        [
            .. Enumerable
                .Range(0, powers)
                .Select(i => top - powers + 1 + i)
                .Where(e => e >= LeastExponent)
                .Select(e => MathF.ScaleB(1, e)),
        ];
        return [.. rising.Reverse().Select(p => -p), .. withZero ? [0f] : Array.Empty<float>(), .. rising];
    }

    private static (float[] Used, double Error) Used(ReadOnlySpan<float> values, float[] candidates)
    {
        var used = new bool[candidates.Length];
        double error = 0;
        foreach (float v in values)
        {
            int nearest = KMeans.Nearest(candidates, v);
            used[nearest] = true;
            error += Math.Pow((double)v - candidates[nearest], 2);
        }
        return ([.. candidates.Where((_, i) => used[i])], error);
    }
}

namespace Decant.Coding;

/// <summary>What a sorted codebook says of its indices before any is seen. Plain IEEE arithmetic in a fixed order: the same everywhere.</summary>
internal static class CodebookPrior
{
    private const int Reach = 8;

    /// <summary>Magnitudes, from 1 to 4096 where the largest finite one is.</summary>
    public static int[] Magnitudes(ReadOnlySpan<float> values)
    {
        float most = 0;
        foreach (float v in values)
            if (float.IsFinite(v)) most = Math.Max(most, Math.Abs(v));
        var result = new int[values.Length];
        for (int i = 0; i < result.Length; i++) result[i] = float.IsFinite(values[i]) && most > 0 ? (int)(Math.Abs(values[i] / most) * 4095) + 1 : 4096;
        return result;
    }

    /// <summary>
    /// How often each entry is to be expected, up to a factor. Optimal quantizers have cells as wide as the density to the power of
    /// -1/3, so that density · width is about width to the power of -2 at large; k-means that has not converged leaves waves, in which
    /// a cell's share is its width. So: the width over the mean width around, over the mean width around.
    /// </summary>
    public static double[] Masses(ReadOnlySpan<float> values)
    {
        var widths = new double[values.Length];
        for (int i = 0; i < widths.Length; i++) widths[i] = Width(values, i);
        var masses = new double[values.Length];
        for (int i = 0; i < masses.Length; i++)
        {
            int start = Math.Max(0, i - Reach), end = Math.Min(widths.Length, i + Reach + 1);
            double sum = 0;
            for (int k = start; k < end; k++) sum += widths[k];
            double around = sum / (end - start);
            masses[i] = around > 0 && double.IsFinite(around) ? Math.Clamp(widths[i] / around, 0.1, 10) / around : 0;
        }
        return masses;
    }

    /// <summary>The width of an entry's cell; pruning leaves none across zero.</summary>
    private static double Width(ReadOnlySpan<float> values, int i)
    {
        bool below = i > 0 && values[i - 1] < 0 == values[i] < 0, beyond = i + 1 < values.Length && values[i + 1] < 0 == values[i] < 0;
        double sum = (below ? (double)values[i] - values[i - 1] : 0) + (beyond ? (double)values[i + 1] - values[i] : 0);
        return !double.IsFinite(sum) ? 0 : below && beyond ? sum / 2 : sum;
    }
}

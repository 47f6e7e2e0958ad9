namespace Decant.Quantization;

/// <summary>Signal and noise of several values, gathered batch by batch.</summary>
/// <param name="count">How many values.</param>
internal sealed class NoiseSums(int count)
{
    private readonly double[] signal = new double[count],
        noise = new double[count];

    /// <summary>Adds elements of a value.</summary>
    /// <param name="index">Which value.</param>
    /// <param name="was">What it is to be.</param>
    /// <param name="now">What it is.</param>
    public void Add(int index, ReadOnlySpan<float> was, ReadOnlySpan<float> now)
    {
        double s = 0,
            n = 0;
        for (int i = 0; i < was.Length; i++)
        {
            double off = (double)was[i] - now[i];
            (s, n) = (s + (double)was[i] * was[i], n + off * off);
        }
        signal[index] += s;
        noise[index] += n;
    }

    /// <summary>10·log₁₀(Σx² / Σ(x − x̂)²) of a value; infinite without noise.</summary>
    public double Decibels(int index) =>
        noise[index] == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal[index] / noise[index]);

    /// <summary>The least of all values.</summary>
    public double LeastDecibels() => Enumerable.Range(0, count).Min(Decibels);
}

using System.Numerics;

namespace Decant.Data;

/// <summary>
/// Smoothed random displacements, one for each pixel, and zeros beyond them for readers of whole vectors.
/// </summary>
internal sealed class ElasticField
{
    private readonly int height,
        width,
        radius;
    private readonly float[] weights,
        noise,
        rows;
    private readonly float alpha;

    public ElasticField(ElasticDeformation elastic, int height, int width, int beyond)
    {
        (this.height, this.width, alpha) = (height, width, (float)elastic.Alpha);
        weights = Gaussian(elastic.Sigma);
        radius = weights.Length / 2;
        noise = new float[(height + 2 * radius) * (width + 2 * radius)];
        rows = new float[(height + 2 * radius) * width];
        (X, Y) = (new float[height * width + beyond], new float[height * width + beyond]);
    }

    /// <summary>Displacements to the right, in pixels.</summary>
    public float[] X { get; }

    /// <summary>Displacements downwards, in pixels.</summary>
    public float[] Y { get; }

    /// <summary>Draws new displacements.</summary>
    public void Draw(ref CounterRandom random)
    {
        Draw(X, ref random);
        Draw(Y, ref random);
    }

    private void Draw(float[] to, ref CounterRandom random)
    {
        Fill(ref random);
        int wide = width + 2 * radius;
        Array.Clear(rows);
        Array.Clear(to);
        for (int y = 0; y < height + 2 * radius; y++)
        for (int k = 0; k < weights.Length; k++)
            Accumulate(rows.AsSpan(y * width, width), noise.AsSpan(y * wide + k, width), weights[k]);
        for (int y = 0; y < height; y++)
        for (int k = 0; k < weights.Length; k++)
            Accumulate(to.AsSpan(y * width, width), rows.AsSpan((y + k) * width, width), weights[k] * alpha);
    }

    private void Fill(ref CounterRandom random)
    {
        ulong bits = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            if (i % 4 == 0)
                bits = random.NextBits();
            noise[i] = (short)bits / 32768f;
            bits >>= 16;
        }
    }

    private static void Accumulate(Span<float> to, ReadOnlySpan<float> from, float weight)
    {
        int x = 0,
            lanes = Vector<float>.Count;
        var w = new Vector<float>(weight);
        for (; x <= to.Length - lanes; x += lanes)
            (new Vector<float>(to[x..]) + w * new Vector<float>(from[x..])).CopyTo(to[x..]);
        for (; x < to.Length; x++)
            to[x] += weight * from[x];
    }

    private static float[] Gaussian(double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        var weights = new float[2 * radius + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++)
            sum += At(k);
        for (int k = -radius; k <= radius; k++)
            weights[k + radius] = (float)(At(k) / sum);
        return weights;

        // Rounded, because the last bits of the C library's exponential differ between machines.
        double At(int k) => Math.Round(Math.Exp(-k * k / (2 * sigma * sigma)) * (1 << 24)) / (1 << 24);
    }
}

/// <summary>
/// A small random stream for one sample, decided by a seed and the sample's number: SplitMix64 (Steele, Lea, Flood
/// 2014). A value type, so that a stream a sample costs no allocation.
/// </summary>
internal struct CounterRandom(ulong seed, int sample)
{
    private ulong state = Mix(seed ^ Mix((ulong)sample + 0x9E3779B97F4A7C15));

    public ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Next(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform in 0..bound-1; the bias is below bound / 2^32.</summary>
    public int Next(int bound) => (int)(((NextBits() >> 32) * (ulong)bound) >> 32);

    /// <summary>
    /// Bell-shaped in (-3, 3) with standard deviation 1: the sum of three uniform numbers, so that no logarithm is
    /// needed, whose last bit differs between machines.
    /// </summary>
    public double NextBell() => 2 * (Next() + Next() + Next() - 1.5);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>
/// Sine and cosine by power series in a fixed order of operations: the C library's differ between machines in the last
/// bit.
/// </summary>
internal static class Trigonometry
{
    private const int Terms = 14;

    /// <summary>Sine and cosine of an angle of at most a turn, in radians, to about 1e-12.</summary>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        double sin = 0,
            cos = 0,
            term = 1;
        for (int n = 0; n < 2 * Terms; n++)
        {
            if (n % 2 == 0)
                cos += n % 4 == 0 ? term : -term;
            else
                sin += n % 4 == 1 ? term : -term;
            term = term * angle / (n + 1);
        }
        return (sin, cos);
    }
}

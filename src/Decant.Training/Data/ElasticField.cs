using System.Numerics;

namespace Decant.Training.Data;

/// <summary>Smoothed random displacements, one for each pixel, and zeros beyond them for readers of whole vectors.</summary>
internal sealed class ElasticField
{
    private readonly int height, width, radius;
    private readonly float[] weights, noise, rows;
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
            for (int k = 0; k < weights.Length; k++) Accumulate(rows.AsSpan(y * width, width), noise.AsSpan(y * wide + k, width), weights[k]);
        for (int y = 0; y < height; y++)
            for (int k = 0; k < weights.Length; k++) Accumulate(to.AsSpan(y * width, width), rows.AsSpan((y + k) * width, width), weights[k] * alpha);
    }

    private void Fill(ref CounterRandom random)
    {
        ulong bits = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            if (i % 4 == 0) bits = random.NextBits();
            noise[i] = (short)bits / 32768f;
            bits >>= 16;
        }
    }

    private static void Accumulate(Span<float> to, ReadOnlySpan<float> from, float weight)
    {
        int x = 0, lanes = Vector<float>.Count;
        var w = new Vector<float>(weight);
        for (; x <= to.Length - lanes; x += lanes)
            (new Vector<float>(to[x..]) + w * new Vector<float>(from[x..])).CopyTo(to[x..]);
        for (; x < to.Length; x++) to[x] += weight * from[x];
    }

    private static float[] Gaussian(double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        var weights = new float[2 * radius + 1];
        double sum = 0;
        for (int k = -radius; k <= radius; k++) sum += At(k);
        for (int k = -radius; k <= radius; k++) weights[k + radius] = (float)(At(k) / sum);
        return weights;

        // Rounded, because the last bits of the C library's exponential differ between machines.
        double At(int k) => Math.Round(Math.Exp(-k * k / (2 * sigma * sigma)) * (1 << 24)) / (1 << 24);
    }
}

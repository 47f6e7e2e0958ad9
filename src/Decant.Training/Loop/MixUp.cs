using Decant.Core;

namespace Decant.Training;

/// <summary>
/// mixup (Zhang et al. 2018): images become λ·a + (1 − λ)·b, their targets likewise, with one λ from Beta(α, α) a step. Image i of a batch of n
/// is mixed with image n − 1 − i.
/// </summary>
/// <param name="alpha">α, above 0.</param>
/// <param name="seed">Decides λ, with epoch and step.</param>
internal sealed class MixUp(double alpha, ulong seed)
{
    /// <summary>λ of a step.</summary>
    public double ShareAt(int epoch, int step)
    {
        Rng rng = Rng.For(seed, "mix-up", epoch, step);
        double a = Gamma(rng, alpha), b = Gamma(rng, alpha);
        return a + b > 0 ? a / (a + b) : 0.5;
    }

    /// <summary>Mixes a batch in place.</summary>
    /// <param name="images">n images, one after another.</param>
    /// <param name="count">n.</param>
    /// <param name="share">λ.</param>
    public static void Mix(Span<float> images, int count, double share)
    {
        int size = images.Length / Math.Max(1, count);
        float own = (float)share, other = (float)(1 - share);
        for (int i = 0; i < count / 2; i++)
        {
            Span<float> a = images.Slice(i * size, size), b = images.Slice((count - 1 - i) * size, size);
            for (int k = 0; k < size; k++) (a[k], b[k]) = (own * a[k] + other * b[k], own * b[k] + other * a[k]);
        }
    }

    /// <summary>A number from Gamma(shape, 1) (Marsaglia, Tsang 2000).</summary>
    private static double Gamma(Rng rng, double shape)
    {
        if (shape < 1) return Gamma(rng, shape + 1) * Math.Pow(rng.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = rng.NextNormal(), v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - rng.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}

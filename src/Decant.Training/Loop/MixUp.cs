using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// mixup (Zhang et al. 2018): images become λ·a + (1 − λ)·b, their targets likewise, with one λ from Beta(α,
/// α) a step.
/// Image i of a batch of n is mixed with image n − 1 − i.
/// </summary>
/// <param name="alpha">α, above 0.</param>
/// <param name="seed">Decides λ, with epoch and step.</param>
internal sealed class MixUp(double alpha, ulong seed)
{
    /// <summary>λ of a step.</summary>
    public double ShareAt(int epoch, int step)
    {
        Rng rng = Rng.For(seed, "mix-up", epoch, step);
        double a = Gamma(rng, alpha),
            b = Gamma(rng, alpha);
        return a + b > 0 ? a / (a + b) : 0.5;
    }

    /// <summary>Mixes a batch in place.</summary>
    /// <param name="images">n images, one after another.</param>
    /// <param name="count">n.</param>
    /// <param name="share">λ.</param>
    public static void Mix(Span<float> images, int count, double share)
    {
        int size = images.Length / Math.Max(1, count);
        float own = (float)share,
            other = (float)(1 - share);
        for (int i = 0; i < count / 2; i++)
        {
            Span<float> a = images.Slice(i * size, size),
                b = images.Slice((count - 1 - i) * size, size);
            for (int k = 0; k < size; k++)
                (a[k], b[k]) = (own * a[k] + other * b[k], own * b[k] + other * a[k]);
        }
    }

    /// <summary>A number from Gamma(shape, 1) (Marsaglia, Tsang 2000).</summary>
    private static double Gamma(Rng rng, double shape)
    {
        if (shape < 1)
            return Gamma(rng, shape + 1) * Math.Pow(rng.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3,
            c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = rng.NextNormal(),
                v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - rng.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }
}

/// <summary>
/// From a network's input under one preprocessing to that under another, of the same images: per channel factor · x
/// + shift.
/// </summary>
public sealed class NormalizationChange
{
    private readonly float[] factors,
        shifts;
    private readonly bool reversed;
    private readonly long[] sizes;

    private NormalizationChange(float[] factors, float[] shifts, bool reversed, Shape image) =>
        (this.factors, this.shifts, this.reversed, sizes) = (
            factors,
            shifts,
            reversed,
            [-1, factors.Length, image.Count / factors.Length]
        );

    /// <summary>The change from one arithmetic to another; null where they are the same.</summary>
    /// <param name="from">The one that made the input.</param>
    /// <param name="to">The one that is wanted.</param>
    /// <param name="image">C×H×W or F.</param>
    /// <exception cref="DataException">One of the two does not fit the images.</exception>
    public static NormalizationChange? Between(Preprocessing from, Preprocessing to, Shape image)
    {
        from.CheckFits(image);
        to.CheckFits(image);
        if (from == to)
            return null;
        double ratio = (double)to.Scale / from.Scale;
        int channels = Preprocessing.ChannelsOf(image);
        float[] factors = new float[channels],
            shifts = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            int own = from.SourceChannel(to.SourceChannel(c));
            factors[c] = (float)(from.StdOf(own) * ratio / to.StdOf(c));
            shifts[c] = (float)((from.MeanOf(own) * ratio - to.MeanOf(c)) / to.StdOf(c));
        }
        return new NormalizationChange(factors, shifts, from.Channels != to.Channels, image);
    }

    /// <summary>The changed input of a batch, in the shape it came in: N×C×H×W or N×F.</summary>
    public TorchTensor Of(TorchTensor images)
    {
        TorchTensor planes = images.Reshape(sizes);
        if (reversed)
            // Only three channels have two orders.
            planes = planes.IndexSelect(1, TorchTensor.From<long>([2, 1, 0], 3));
        return planes.Mul(PerChannel(factors)).Add(PerChannel(shifts)).Reshape(images.Shape);
    }

    private static TorchTensor PerChannel(float[] values) => TorchTensor.From<float>(values, 1, values.Length, 1);
}

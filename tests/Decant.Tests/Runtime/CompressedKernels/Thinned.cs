using Decant.Core;

namespace Decant.Tests.Runtime.CompressedKernels;

/// <summary>Random numbers for the forms' tests.</summary>
internal static class Thinned
{
    public static float[] Numbers(Rng rng, int count, double density = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            if (density >= 1 || rng.NextDouble(0, 1) < density)
                values[i] = (float)rng.NextDouble(-1, 1);
        return values;
    }

    /// <summary>x·Wᵀ, then a bias and ReLU where wanted, in doubles.</summary>
    public static float[] Product(float[] x, float[] w, float[]? bias, bool relu, int batch, int inputs, int outputs)
    {
        var y = new float[batch * outputs];
        for (int i = 0; i < y.Length; i++)
        {
            var (row, output) = Math.DivRem(i, outputs);
            double sum = bias?[output] ?? 0;
            for (int k = 0; k < inputs; k++)
                sum += (double)x[row * inputs + k] * w[output * inputs + k];
            y[i] = (float)(relu ? Math.Max(0, sum) : sum);
        }
        return y;
    }

    /// <summary>The largest difference of two arrays of one length.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            return double.PositiveInfinity;
        double worst = 0;
        for (int i = 0; i < a.Length; i++)
            worst =
                float.IsNaN(a[i]) || float.IsNaN(b[i])
                    ? double.PositiveInfinity
                    : Math.Max(worst, Math.Abs((double)a[i] - b[i]));
        return worst;
    }
}

using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// |w| / σ, where σ is the standard deviation of the weight's numbers that are not zero: one threshold over all layers is then Han's
/// quality parameter times each layer's σ (Han, Pool, Tran, Dally 2015).
/// </summary>
internal sealed class SensitivityCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "sensitivity";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) => context.Weights.ToDictionary(w => w.Name, w => Of(w.Encoding));

    /// <summary>The standard deviation of the numbers that are not zero.</summary>
    public static double StandardDeviation(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        long n = 0;
        foreach (float v in values)
        {
            if (v == 0) continue;
            (sum, squares, n) = (sum + v, squares + (double)v * v, n + 1);
        }
        return n == 0 ? 0 : Math.Sqrt(Math.Max(0, squares / n - sum / n * (sum / n)));
    }

    private static float[] Of(Encoding encoding)
    {
        float[] values = encoding.Decode().Array<float>();
        double deviation = StandardDeviation(values);
        // Numbers that are all the same have none; they then rank by magnitude.
        return Array.ConvertAll(values, v => (float)(Math.Abs(v) / (deviation > 0 ? deviation : 1)));
    }
}

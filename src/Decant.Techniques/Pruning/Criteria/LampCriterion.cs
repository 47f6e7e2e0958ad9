using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// w² over the sum of the squares that are no smaller, in its weight (Lee, Park, Mo, Ahn, Shin 2021, equation 4): magnitudes made
/// comparable between layers. Within a weight it ranks as magnitude does; a weight's largest number scores 1, so a common level empties
/// no weight before all are down to one.
/// </summary>
internal sealed class LampCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "lamp";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) => context.Weights.ToDictionary(w => w.Name, w => Of(w.Encoding));

    private static float[] Of(Encoding encoding)
    {
        float[] magnitudes = Array.ConvertAll(encoding.Decode().Array<float>(), Math.Abs);
        int[] order = new int[magnitudes.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort((float[])magnitudes.Clone(), order);
        var scores = new float[order.Length];
        double above = 0, score = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            double square = (double)magnitudes[order[i]] * magnitudes[order[i]];
            above += square;
            // Equal magnitudes have equal scores, so that ties fall as everywhere: to the first.
            if (i == order.Length - 1 || magnitudes[order[i]] != magnitudes[order[i + 1]]) score = above == 0 ? 0 : square / above;
            scores[order[i]] = (float)score;
        }
        return scores;
    }
}

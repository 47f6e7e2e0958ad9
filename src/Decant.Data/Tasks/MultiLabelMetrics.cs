using Decant.Core;

namespace Decant.Data;

/// <summary>What a multi-label network made of a batch, example by example.</summary>
internal static class LabelRows
{
    /// <summary>The labels of a batch, examples × labels.</summary>
    /// <exception cref="DataException">An element is neither 0 nor 1.</exception>
    public static bool[] Of(ScoredBatch batch) =>
        Array.ConvertAll(TensorValues.Of(batch.Targets[0]), v =>
            v is 0 or 1
                ? v == 1
                : throw new DataException(
                    $"a target of multi-label is {v:R}; each element must be 1 where an example has the label, and 0 "
                        + "elsewhere"
                )
        );
}

/// <summary>
/// Mean over labels of the average precision Σₙ (Rₙ − Rₙ₋₁)·Pₙ, precision and recall at each distinct
/// score (macro mAP; scikit-learn's average_precision_score). Labels that no example has do not count. A score that
/// is not a number is ranked where it is wrong.
/// </summary>
/// <param name="output">The index of the output, N×labels.</param>
public sealed class LabelAveragePrecision(int output) : IMetric
{
    private readonly List<(float Score, bool Has)> all = [];
    private int labels;

    /// <inheritdoc/>
    public string Name => "mAP";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    /// <exception cref="DataException">No example has a label.</exception>
    public double Value
    {
        get
        {
            double[] each =
            [
                .. Enumerable
                    .Range(0, labels)
                    .Select(l =>
                        AveragePrecision.AtEachScore(
                            Enumerable.Range(0, all.Count / labels).Select(i => all[i * labels + l])
                        )
                    )
                    .Where(p => !double.IsNaN(p)),
            ];
            return each.Length > 0
                ? each.Average()
                : throw new DataException("no example has a label; mean average precision needs one that has");
        }
    }

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        bool[] has = LabelRows.Of(batch);
        labels = has.Length / batch.Count;
        ReadOnlySpan<float> scores = batch.Outputs[output].Span<float>();
        for (int i = 0; i < has.Length; i++)
            all.Add((Ranked(scores[i], has[i]), has[i]));
    }

    private static float Ranked(float score, bool has) =>
        !float.IsNaN(score) ? score
        : has ? float.NegativeInfinity
        : float.PositiveInfinity;
}

/// <summary>
/// F1 over all labels of all examples together: 2·TP / (2·TP + FP + FN); 1 where there is nothing to find and nothing
/// found.
/// </summary>
/// <param name="output">The index of the output, N×labels.</param>
/// <param name="threshold">The score above which a label counts as predicted.</param>
public sealed class MicroF1(int output, double threshold) : IMetric
{
    private long found,
        wrong;

    /// <inheritdoc/>
    public string Name => "micro F1";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => found + wrong == 0 ? 1 : 2.0 * found / (2 * found + wrong);

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        bool[] has = LabelRows.Of(batch);
        ReadOnlySpan<float> scores = batch.Outputs[output].Span<float>();
        for (int i = 0; i < has.Length; i++)
            if (float.IsNaN(scores[i]) || scores[i] > threshold != has[i])
                wrong++;
            else if (has[i])
                found++;
    }
}

/// <summary>The share of examples of which every label is predicted right.</summary>
/// <param name="output">The index of the output, N×labels.</param>
/// <param name="threshold">The score above which a label counts as predicted.</param>
public sealed class SubsetAccuracy(int output, double threshold) : IMetric
{
    private long right,
        count;

    /// <inheritdoc/>
    public string Name => "subset accuracy";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => (double)right / count;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        bool[] has = LabelRows.Of(batch);
        int labels = has.Length / batch.Count;
        ReadOnlySpan<float> scores = batch.Outputs[output].Span<float>();
        for (int i = 0; i < batch.Count; i++)
        {
            bool all = true;
            for (int l = i * labels; l < (i + 1) * labels; l++)
                all &= !float.IsNaN(scores[l]) && scores[l] > threshold == has[l];
            right += all ? 1 : 0;
        }
        count += batch.Count;
    }
}

using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// −n, 0 or +p: θ is free, and is 0 where |θ| ≤ Δ. Ternary weight networks (Li, Zhang, Liu 2016, equations 5 and
/// 6): Δ = 0.7·mean|θ| and p = n = the mean of |θ| beyond Δ, of each output. Trained ternary (Zhu et al. 2017): Δ
/// = t·max|θ| of the weight, p and n learned; θ's gradient is multiplied by what it stands for.
/// </summary>
public sealed class TernaryParameterization : WeightParameterization
{
    /// <summary>t of trained ternary as its authors choose it.</summary>
    public const double UsualThreshold = 0.05;

    private const double Share = 0.7;

    private readonly Shape shape;
    private readonly long[] perOutput;
    private readonly double threshold;
    private readonly TorchTensor? levels;

    /// <summary>Begins at free numbers.</summary>
    /// <param name="free">θ.</param>
    /// <param name="threshold">t of trained ternary, 0 to 1; null for ternary weight networks.</param>
    /// <param name="start">Where n and p begin; null for the means of |θ| beyond Δ.</param>
    public TernaryParameterization(
        Tensor free,
        double? threshold = null,
        (float Negative, float Positive)? start = null
    )
    {
        (shape, this.threshold) = (free.Shape, threshold ?? 0);
        Parameter = Leaf(free.Span<float>(), shape);
        perOutput = [.. Enumerable.Range(1, Math.Max(0, shape.Rank - 1)).Select(i => (long)i)];
        if (threshold is null)
            return;
        (float negative, float positive) = start ?? Means(free.Span<float>(), threshold.Value);
        levels = Leaf([MathF.Log(negative), MathF.Log(positive)], new Shape(2));
    }

    /// <summary>θ.</summary>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors =>
        levels is null ? base.Tensors : [.. base.Tensors, new(".log-levels", levels, IsDecayed: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        (TorchTensor below, TorchTensor above) = Masks();
        if (levels is null)
            return StraightThrough.As(above.Sub(below).Mul(Means(below, above)), Parameter);
        TorchTensor numbers = levels.Exp(),
            negative = numbers.Select(0, 0),
            positive = numbers.Select(0, 1);
        TorchTensor factor = below.Mul(negative).Add(above.Mul(positive)).Add(below.Add(above).Neg().Add(1)).Detach();
        TorchTensor value = above.Mul(positive).Sub(below.Mul(negative)),
            path = Parameter.Mul(factor);
        return value.Add(path.Sub(path.Detach()));
    }

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        Tensor values = Tensor.Of(shape, Parameter.ToArray<float>());
        if (levels is null)
            return Encode(values);
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        float[] learned = levels.Exp().ToArray<float>();
        return Encode(values, threshold, (learned[0], learned[1]));
    }

    /// <summary>−n, 0 or +p for each element of a weight that is not trained.</summary>
    /// <param name="values">θ.</param>
    /// <param name="threshold">t of trained ternary, 0 to 1; null for ternary weight networks.</param>
    /// <param name="start">n and p of trained ternary; null for the means of |θ| beyond Δ.</param>
    public static TernaryEncoding Encode(
        Tensor values,
        double? threshold = null,
        (float Negative, float Positive)? start = null
    )
    {
        ReadOnlySpan<float> all = values.Span<float>();
        var signs = new sbyte[all.Length];
        if (threshold is { } share)
        {
            Signs(all, (float)share * Most(all), signs);
            (float negative, float positive) = start ?? Means(all, share);
            return new TernaryEncoding(values.Shape, signs, [negative], [positive]);
        }
        float[] means = new float[values.Shape.Rank > 1 ? values.Shape[0] : 1];
        int size = all.Length / means.Length;
        for (int i = 0; i < means.Length; i++)
            means[i] = Ternary(all.Slice(i * size, size), signs.AsSpan(i * size, size));
        return new TernaryEncoding(values.Shape, signs, means, means);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        levels?.Dispose();
    }

    private (TorchTensor Below, TorchTensor Above) Masks()
    {
        TorchTensor theta = Parameter.Detach(),
            magnitude = theta.Abs();
        TorchTensor delta = levels is not null ? magnitude.Max().Mul(threshold) : PerOutput(magnitude).Mul(Share);
        return (theta.Lt(delta.Neg()).To(TorchType.Float32), theta.Gt(delta).To(TorchType.Float32));
    }

    private TorchTensor Means(TorchTensor below, TorchTensor above)
    {
        TorchTensor kept = below.Add(above);
        return PerOutput(kept.Mul(Parameter.Detach().Abs())).Div(PerOutput(kept).Clamp(min: 1e-12));
    }

    private TorchTensor PerOutput(TorchTensor x) => perOutput.Length == 0 ? x.Mean() : x.Mean(perOutput, keep: true);

    private static (float, float) Means(ReadOnlySpan<float> values, double threshold)
    {
        float most = Most(values);
        double below = 0,
            above = 0,
            fewer = 0,
            more = 0,
            delta = threshold * most;
        foreach (float v in values)
        {
            if (v > delta)
                (above, more) = (above + v, more + 1);
            else if (v < -delta)
                (below, fewer) = (below - v, fewer + 1);
        }
        float other = Math.Max(most, 1e-6f);
        return (fewer > 0 ? (float)(below / fewer) : other, more > 0 ? (float)(above / more) : other);
    }

    /// <summary>The signs of one output, and the mean of its magnitudes beyond Δ.</summary>
    private static float Ternary(ReadOnlySpan<float> values, Span<sbyte> signs)
    {
        double all = 0,
            kept = 0;
        int count = 0;
        foreach (float value in values)
            all += Math.Abs(value);
        Signs(values, (float)Share * (float)(all / values.Length), signs);
        for (int i = 0; i < values.Length; i++)
            if (signs[i] != 0)
                (kept, count) = (kept + Math.Abs(values[i]), count + 1);
        return count == 0 ? 0 : (float)(kept / count);
    }

    private static void Signs(ReadOnlySpan<float> values, float delta, Span<sbyte> signs)
    {
        for (int i = 0; i < values.Length; i++)
            signs[i] = (sbyte)(
                values[i] > delta ? 1
                : values[i] < -delta ? -1
                : 0
            );
    }

    private static float Most(ReadOnlySpan<float> values)
    {
        float most = 0;
        foreach (float value in values)
            most = Math.Max(most, Math.Abs(value));
        return most;
    }
}

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
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        (TorchTensor below, TorchTensor above) = Masks();
        sbyte[] signs = Array.ConvertAll(above.Sub(below).ToArray<float>(), s => (sbyte)s);
        if (levels is null)
        {
            float[] means = Means(below, above).ToArray<float>();
            return new TernaryEncoding(shape, signs, means, means);
        }
        float[] numbers = levels.Exp().ToArray<float>();
        return new TernaryEncoding(shape, signs, [numbers[0]], [numbers[1]]);
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
        float most = 0;
        foreach (float v in values)
            most = Math.Max(most, Math.Abs(v));
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
}

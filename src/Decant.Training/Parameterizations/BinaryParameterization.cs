using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// α·sign(θ), one bit a number: θ is free, gradients reach it straight through. α is a constant (BinaryConnect:
/// Courbariaux, Bengio, David 2015), or the mean of |θ| of each output (binary-weight networks: Rastegari et al. 2016,
/// equation 6). Signs may be drawn, + with probability clip((θ/α + 1)/2, 0, 1) (BinaryConnect, equation 2); then θ
/// itself answers outside training, and is what is kept.
/// </summary>
public sealed class BinaryParameterization : WeightParameterization
{
    private readonly Shape shape;
    private readonly long[] perOutput;
    private readonly float? constant;

    /// <summary>Begins at free numbers.</summary>
    /// <param name="free">θ.</param>
    /// <param name="scale">α, or null for the mean of |θ| of each output, which is axis 0.</param>
    /// <param name="isDrawn">Whether signs are drawn in training.</param>
    public BinaryParameterization(Tensor free, float? scale = null, bool isDrawn = false)
    {
        (shape, IsDrawn, constant) = (free.Shape, isDrawn, scale);
        Parameter = Leaf(free.Span<float>(), shape);
        perOutput = [.. Enumerable.Range(1, Math.Max(0, shape.Rank - 1)).Select(i => (long)i)];
    }

    /// <summary>θ.</summary>
    public override TorchTensor Parameter { get; }

    /// <summary>Whether signs are drawn in training.</summary>
    public bool IsDrawn { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        TorchTensor scale = Scale();
        if (!IsDrawn)
            return StraightThrough.As(Signs(Parameter).Mul(scale), Parameter);
        TorchTensor chance = Parameter.Detach().Div(scale).Add(1).Div(2).Clamp(0, 1);
        return StraightThrough.As(chance.Bernoulli().Mul(2).Sub(1).Mul(scale), Parameter);
    }

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => IsDrawn ? Parameter : Signs(Parameter).Mul(Scale());

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        Tensor values = Tensor.Of(shape, Parameter.ToArray<float>());
        return IsDrawn ? new DenseEncoding(values) : Encode(values, constant);
    }

    /// <summary>α·sign(θ) of a weight that is not trained.</summary>
    /// <param name="values">θ.</param>
    /// <param name="scale">α, or null for the mean of |θ| of each output, which is axis 0.</param>
    public static BinaryEncoding Encode(Tensor values, float? scale = null)
    {
        ReadOnlySpan<float> all = values.Span<float>();
        float[] scales = new float[scale is null && values.Shape.Rank > 1 ? values.Shape[0] : 1];
        int size = all.Length / scales.Length;
        for (int i = 0; i < scales.Length; i++)
            scales[i] = scale ?? MeanMagnitude(all.Slice(i * size, size));
        return new BinaryEncoding(values.Shape, BinaryEncoding.SignsOf(all), scales);
    }

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();

    private static float MeanMagnitude(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += Math.Abs(value);
        return (float)(sum / values.Length);
    }

    private TorchTensor Scale() =>
        constant is { } scale ? TorchTensor.Scalar(scale)
        : perOutput.Length == 0 ? Parameter.Detach().Abs().Mean()
        : Parameter.Detach().Abs().Mean(perOutput, keep: true);

    private static TorchTensor Signs(TorchTensor x) => x.Detach().Ge(0).To(TorchType.Float32).Mul(2).Sub(1);
}

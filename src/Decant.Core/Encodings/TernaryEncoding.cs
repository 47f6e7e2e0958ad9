namespace Decant.Core;

/// <summary>
/// Ternary weights (Li, Zhang, Liu 2016; Zhu et al. 2017): each number is -n, 0 or +p, with n and p for the whole
/// weight or for each output, which is axis 0.
/// </summary>
public sealed class TernaryEncoding : Encoding
{
    private readonly sbyte[] signs;
    private readonly float[] negative,
        positive;

    /// <summary>
    /// Holds row-major signs, -1, 0 or 1, and what they stand for, one or one an output; nothing is copied.
    /// </summary>
    /// <exception cref="ModelException">Lengths do not fit, or something else is among the signs.</exception>
    public TernaryEncoding(Shape shape, sbyte[] signs, float[] negative, float[] positive)
        : base(ElementType.Float32, shape)
    {
        if (signs.Length != shape.Count)
            throw new ModelException($"{signs.Length} ternary signs do not fill shape {shape}");
        if (signs.AsSpan().ContainsAnyExceptInRange((sbyte)-1, (sbyte)1))
            throw new ModelException("a ternary sign is none of -1, 0 and 1");
        BinaryEncoding.CheckScales(shape, negative.Length);
        if (positive.Length != negative.Length)
            throw new ModelException(
                $"a ternary weight has {negative.Length} negative but {positive.Length} positive values"
            );
        (this.signs, this.negative, this.positive) = (signs, negative, positive);
    }

    /// <inheritdoc/>
    public override string Kind => "ternary";

    /// <inheritdoc/>
    public override int Bits => 2;

    /// <summary>-1, 0 or 1 for each number, row-major.</summary>
    public ReadOnlySpan<sbyte> Signs => signs;

    /// <summary>What -1 stands for, less its sign: one number, or one an output.</summary>
    public ReadOnlySpan<float> Negative => negative;

    /// <summary>What 1 stands for.</summary>
    public ReadOnlySpan<float> Positive => positive;

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        int inner = negative.Length == 1 ? Math.Max(1, Count) : (int)Shape.CountFrom(1);
        for (int i = 0; i < result.Length; i++)
            if (signs[i] != 0)
                result[i] = signs[i] < 0 ? -negative[i / inner] : positive[i / inner];
        return Tensor.Of(Shape, result);
    }
}

namespace Decant.Core;

/// <summary>
/// Uniform quantization (Jacob et al. 2018, equation 1): each number is (q - z)·s for a code q of few bits with sign,
/// with one scale s and zero point z for the whole weight or one for each place along an axis. Codes without sign are
/// held less half their range, and so are their zero points, which changes nothing.
/// </summary>
public sealed class LinearEncoding : Encoding
{
    private readonly sbyte[] codes = [];
    private readonly short[] wideCodes = [];
    private readonly float[] scales;
    private readonly int[] zeros;
    private readonly int bits;

    /// <summary>Holds row-major codes of 2 to 8 bits, without copying anything.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="bits">2 to 8; codes lie in [-2^(bits-1), 2^(bits-1)).</param>
    /// <param name="codes">A code for each number.</param>
    /// <param name="scales">One, or one for each place along the axis.</param>
    /// <param name="zeros">As many zero points, within the range of codes; or none, where all are 0.</param>
    /// <param name="axis">The axis; -1 for one scale.</param>
    /// <exception cref="ModelException">Lengths do not fit, or a code or zero point is outside the range.</exception>
    public LinearEncoding(Shape shape, int bits, sbyte[] codes, float[] scales, int[] zeros, int axis = -1)
        : base(ElementType.Float32, shape)
    {
        if (bits is < 2 or > 8)
            throw new ModelException($"linear codes of {bits} bits; 2 to 8 fit bytes");
        if (codes.Length != shape.Count)
            throw new ModelException($"{codes.Length} linear codes do not fill shape {shape}");
        int half = 1 << (bits - 1);
        if (bits < 8 && codes.AsSpan().ContainsAnyExceptInRange((sbyte)-half, (sbyte)(half - 1)))
            throw new ModelException($"a linear code lies outside {bits} bits");
        (this.bits, this.codes, this.scales, this.zeros, Axis) = (bits, codes, scales, zeros, axis);
        Check();
    }

    /// <summary>Holds codes of 9 to 16 bits; all else as for fewer.</summary>
    /// <exception cref="ModelException">Lengths do not fit, or a code or zero point is outside the range.</exception>
    public LinearEncoding(Shape shape, int bits, short[] codes, float[] scales, int[] zeros, int axis = -1)
        : base(ElementType.Float32, shape)
    {
        if (bits is < 9 or > 16)
            throw new ModelException($"wide linear codes of {bits} bits; 9 to 16 are possible");
        if (codes.Length != shape.Count)
            throw new ModelException($"{codes.Length} linear codes do not fill shape {shape}");
        int half = 1 << (bits - 1);
        if (codes.AsSpan().ContainsAnyExceptInRange((short)-half, (short)(half - 1)))
            throw new ModelException($"a linear code lies outside {bits} bits");
        (this.bits, wideCodes, this.scales, this.zeros, Axis) = (bits, codes, scales, zeros, axis);
        Check();
    }

    /// <summary>Holds codes of 2 to 16 bits, in bytes where they fit.</summary>
    /// <exception cref="ModelException">As for the constructors.</exception>
    public static LinearEncoding Of(
        Shape shape,
        int bits,
        ReadOnlySpan<int> codes,
        float[] scales,
        int[] zeros,
        int axis = -1
    ) =>
        bits > 8
            ? new LinearEncoding(shape, bits, Array.ConvertAll(codes.ToArray(), c => (short)c), scales, zeros, axis)
            : new LinearEncoding(shape, bits, Array.ConvertAll(codes.ToArray(), c => (sbyte)c), scales, zeros, axis);

    /// <inheritdoc/>
    public override string Kind => "linear";

    /// <inheritdoc/>
    public override int Bits => bits;

    /// <summary>The greatest code that quantizing gives.</summary>
    public int Greatest => (1 << (bits - 1)) - 1;

    /// <summary>
    /// The least code that quantizing gives: without zero points as far from 0 as <see cref="Greatest"/>.
    /// </summary>
    public int Least => zeros.Length == 0 ? -Greatest : -Greatest - 1;

    /// <summary>The axis along which scales differ; -1 where there is one.</summary>
    public int Axis { get; }

    /// <summary>Codes of up to 8 bits, row-major; empty where they have more.</summary>
    public ReadOnlySpan<sbyte> Codes => codes;

    /// <summary>Codes of more than 8 bits, row-major; else empty.</summary>
    public ReadOnlySpan<short> WideCodes => wideCodes;

    /// <summary>One scale, or one for each place along the axis.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>As many zero points as scales, or none where all are 0.</summary>
    public ReadOnlySpan<int> Zeros => zeros;

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        int inner = Axis < 0 ? Math.Max(1, Count) : (int)Shape.CountFrom(Axis + 1);
        for (
            int start = 0, group = 0;
            start < result.Length;
            start += inner, group = group + 1 == scales.Length ? 0 : group + 1
        )
        {
            int zero = zeros.Length == 0 ? 0 : zeros[group];
            for (int i = start; i < start + inner; i++)
                result[i] = ((bits > 8 ? wideCodes[i] : codes[i]) - zero) * scales[group];
        }
        return Tensor.Of(Shape, result);
    }

    private void Check()
    {
        if (Axis < -1 || Axis >= Shape.Rank)
            throw new ModelException($"shape {Shape} has no axis {Axis} for scales to differ along");
        if (Axis >= 0 && Count == 0)
            throw new ModelException($"a weight of shape {Shape} holds nothing and takes one scale");
        int groups = Axis < 0 ? 1 : Shape[Axis],
            half = 1 << (bits - 1);
        if (scales.Length != groups)
            throw new ModelException($"{scales.Length} scales for a weight of shape {Shape}; {groups} are needed");
        if (zeros.Length != 0 && zeros.Length != groups)
            throw new ModelException($"{zeros.Length} zero points for {groups} scales");
        if (zeros.AsSpan().ContainsAnyExceptInRange(-half, half - 1))
            throw new ModelException($"a zero point lies outside {bits} bits");
    }
}

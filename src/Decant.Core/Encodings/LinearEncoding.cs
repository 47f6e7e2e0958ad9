using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// Uniform quantization (Jacob et al. 2018, equation 1): each number is (q - z)·s for a code q of few bits with sign,
/// with one scale s and zero point z for the whole weight, one for each place along an axis, or one for each block of
/// places along it, whatever the places along the other axes. Codes without sign are held less half their range, and so
/// are their zero points, which changes nothing.
/// </summary>
/// <remarks>
/// Scales lie as those of ONNX's DequantizeLinear do: in blocks they are a row-major tensor of the weight's shape, with
/// one place for each block along the axis, of which the last may be short.
/// </remarks>
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
    /// <param name="scales">One; one for each place along the axis; or as many as <see cref="ScaleShape"/> has.</param>
    /// <param name="zeros">As many zero points, within the range of codes; or none, where all are 0.</param>
    /// <param name="axis">The axis; -1 for one scale.</param>
    /// <param name="block">Places along the axis that share a scale, 1 or more; 0 where the other axes do too.</param>
    /// <exception cref="ModelException">Lengths do not fit, or a code or zero point is outside the range.</exception>
    public LinearEncoding(
        Shape shape,
        int bits,
        sbyte[] codes,
        float[] scales,
        int[] zeros,
        int axis = -1,
        int block = 0
    )
        : base(ElementType.Float32, shape)
    {
        if (bits is < 2 or > 8)
            throw new ModelException($"linear codes of {bits} bits; 2 to 8 fit bytes");
        if (codes.Length != shape.Count)
            throw new ModelException($"{codes.Length} linear codes do not fill shape {shape}");
        int half = 1 << (bits - 1);
        if (bits < 8 && codes.AsSpan().ContainsAnyExceptInRange((sbyte)-half, (sbyte)(half - 1)))
            throw new ModelException($"a linear code lies outside {bits} bits");
        (this.bits, this.codes, this.scales, this.zeros, Axis, Block) = (bits, codes, scales, zeros, axis, block);
        Check();
    }

    /// <summary>Holds codes of 9 to 16 bits; all else as for fewer.</summary>
    /// <exception cref="ModelException">Lengths do not fit, or a code or zero point is outside the range.</exception>
    public LinearEncoding(
        Shape shape,
        int bits,
        short[] codes,
        float[] scales,
        int[] zeros,
        int axis = -1,
        int block = 0
    )
        : base(ElementType.Float32, shape)
    {
        if (bits is < 9 or > 16)
            throw new ModelException($"wide linear codes of {bits} bits; 9 to 16 are possible");
        if (codes.Length != shape.Count)
            throw new ModelException($"{codes.Length} linear codes do not fill shape {shape}");
        int half = 1 << (bits - 1);
        if (codes.AsSpan().ContainsAnyExceptInRange((short)-half, (short)(half - 1)))
            throw new ModelException($"a linear code lies outside {bits} bits");
        (this.bits, wideCodes, this.scales, this.zeros, Axis, Block) = (bits, codes, scales, zeros, axis, block);
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
        int axis = -1,
        int block = 0
    )
    {
        if (bits > 8)
            return new LinearEncoding(shape, bits, Narrowed(codes, c => (short)c), scales, zeros, axis, block);
        return new LinearEncoding(shape, bits, Narrowed(codes, c => (sbyte)c), scales, zeros, axis, block);
    }

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

    /// <summary>
    /// How many places along <see cref="Axis"/> share a scale; 0 where scales are not in blocks, and differ along the
    /// axis alone.
    /// </summary>
    public int Block { get; }

    /// <summary>The shape of the scales: a scalar, a vector, or the weight's with a place for each block.</summary>
    public Shape ScaleShape => ScaleShapeOf(Shape, Axis, Block);

    /// <summary>Which scale each element has.</summary>
    public Scaling Scaling => Scaling.Of(Shape, ScaleShape, Math.Max(0, Axis), Block);

    /// <summary>Codes of up to 8 bits, row-major; empty where they have more.</summary>
    public ReadOnlySpan<sbyte> Codes => codes;

    /// <summary>Codes of more than 8 bits, row-major; else empty.</summary>
    public ReadOnlySpan<short> WideCodes => wideCodes;

    /// <summary>The scales, row-major in <see cref="ScaleShape"/>.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>As many zero points as scales, or none where all are 0.</summary>
    public ReadOnlySpan<int> Zeros => zeros;

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        Scaling layout = Scaling;
        for (int outer = 0, i = 0; outer < layout.Outer; outer++)
        for (int place = 0; place < layout.Extent; place++)
        {
            int group = outer * layout.OuterStep + place / layout.Block * layout.Step;
            for (int inner = 0; inner < layout.Inner; inner++, i++, group += layout.InnerStep)
            {
                int zero = zeros.Length == 0 ? 0 : zeros[group];
                result[i] = ((bits > 8 ? wideCodes[i] : codes[i]) - zero) * scales[group];
            }
        }
        return Tensor.Of(Shape, result);
    }

    /// <summary>The same encoding with some elements set to zero: their codes are the zero points.</summary>
    /// <param name="zero">For each element, row-major, whether it becomes zero.</param>
    /// <exception cref="ModelException">There are more or fewer than elements.</exception>
    public LinearEncoding WithZeros(ReadOnlySpan<bool> zero)
    {
        if (zero.Length != Count)
            throw new ModelException($"{zero.Length} elements are said to be zero or not; the weight has {Count}");
        Scaling layout = Scaling;
        var changed = new int[Count];
        for (int i = 0; i < changed.Length; i++)
            changed[i] = !zero[i]
                ? bits > 8
                    ? wideCodes[i]
                    : codes[i]
                : zeros.Length == 0
                    ? 0
                    : zeros[layout.IndexOf(i)];
        return Of(Shape, bits, changed, scales, zeros, Axis, Block);
    }

    /// <summary>The shape of the scales of a weight.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="axis">The axis along which they differ; -1 for one scale.</param>
    /// <param name="block">Places along the axis that share a scale; 0 where scales are not in blocks.</param>
    /// <exception cref="ModelException">There is no such axis, nothing lies along it, or blocks are of less than
    /// 0.</exception>
    public static Shape ScaleShapeOf(Shape shape, int axis, int block)
    {
        if (axis < -1 || axis >= shape.Rank)
            throw new ModelException($"shape {shape} has no axis {axis} for scales to differ along");
        if (axis >= 0 && shape.Count == 0)
            throw new ModelException($"a weight of shape {shape} holds nothing and takes one scale");
        if (block < 0 || (block > 0 && axis < 0))
            throw new ModelException(
                $"blocks of {block} along axis {axis} of shape {shape}; they need an axis and 1 or more"
            );
        return axis < 0 ? Shape.Scalar
            : block == 0 ? new Shape(shape[axis])
            : shape.With(axis, (shape[axis] - 1) / block + 1);
    }

    private static T[] Narrowed<T>(ReadOnlySpan<int> codes, Converter<int, T> narrow) =>
        Array.ConvertAll(codes.ToArray(), narrow);

    private void Check()
    {
        int groups = (int)ScaleShape.Count,
            half = 1 << (bits - 1);
        if (scales.Length != groups)
            throw new ModelException($"{scales.Length} scales for a weight of shape {Shape}; {groups} are needed");
        if (zeros.Length != 0 && zeros.Length != groups)
            throw new ModelException($"{zeros.Length} zero points for {groups} scales");
        if (zeros.AsSpan().ContainsAnyExceptInRange(-half, half - 1))
            throw new ModelException($"a zero point lies outside {bits} bits");
    }
}

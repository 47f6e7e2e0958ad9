namespace Decant.Core;

/// <summary>
/// Binary weights (Courbariaux, Bengio, David 2015; Rastegari et al. 2016): each number is +a or -a, with a for the
/// whole weight or for each output, which is axis 0.
/// </summary>
public sealed class BinaryEncoding : Encoding
{
    private readonly byte[] signs;
    private readonly float[] scales;

    /// <summary>
    /// Holds signs, a bit a number, row-major, the lowest bit of a byte first, 1 for +; and one scale, or one an
    /// output. Nothing is copied.
    /// </summary>
    /// <exception cref="ModelException">Lengths do not fit, or a bit behind the last number is set.</exception>
    public BinaryEncoding(Shape shape, byte[] signs, float[] scales)
        : base(ElementType.Float32, shape)
    {
        if (signs.Length != BytesOf(shape.Count))
            throw new ModelException($"{signs.Length} bytes of signs do not fill shape {shape}");
        if (shape.Count % 8 != 0 && signs[^1] >> (int)(shape.Count % 8) != 0)
            throw new ModelException("a sign is set after the last element");
        CheckScales(shape, scales.Length);
        (this.signs, this.scales) = (signs, scales);
    }

    /// <inheritdoc/>
    public override string Kind => "binary";

    /// <inheritdoc/>
    public override int Bits => 1;

    /// <summary>A bit a number, row-major, the lowest bit of a byte first: 1 for +.</summary>
    public ReadOnlySpan<byte> Signs => signs;

    /// <summary>One scale, or one an output.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <inheritdoc/>
    public override long NonZeros => Count - Decode().Span<float>().Count(0f);

    /// <summary>Bytes that hold a bit for each of some numbers.</summary>
    public static int BytesOf(long count) => (int)((count + 7) / 8);

    /// <summary>Takes the signs of row-major numbers, zero as +.</summary>
    public static byte[] SignsOf(ReadOnlySpan<float> values)
    {
        var signs = new byte[BytesOf(values.Length)];
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] < 0))
                signs[i / 8] |= (byte)(1 << i % 8);
        return signs;
    }

    /// <summary>Whether a number is +.</summary>
    public bool IsPositive(int index) => (signs[index / 8] >> index % 8 & 1) != 0;

    /// <inheritdoc/>
    public override Tensor Decode()
    {
        var result = new float[Count];
        int inner = scales.Length == 1 ? Math.Max(1, Count) : (int)Shape.CountFrom(1);
        for (int i = 0; i < result.Length; i++)
            result[i] = IsPositive(i) ? scales[i / inner] : -scales[i / inner];
        return Tensor.Of(Shape, result);
    }

    internal static void CheckScales(Shape shape, int count)
    {
        if (count != 1 && (shape.Count == 0 || shape.Rank == 0 || count != shape[0]))
            throw new ModelException($"{count} scales for a weight of shape {shape}; 1, or one an output, is possible");
    }
}

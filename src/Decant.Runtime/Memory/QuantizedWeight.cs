namespace Decant.Runtime.Memory;

/// <summary>A weight in codes of 8 bits with sign: code · scale, with one scale, or one for each place along axis 0.</summary>
internal sealed record QuantizedWeight(Shape Shape, sbyte[] Codes, float[] Scales)
{
    /// <summary>The codes of a linear encoding; null if they are of another kind.</summary>
    public static QuantizedWeight? Of(Encoding encoding) =>
        encoding is LinearEncoding { Bits: <= 8, Axis: <= 0 } linear && !linear.Zeros.ContainsAnyExcept(0)
            ? new QuantizedWeight(linear.Shape, linear.Codes.ToArray(), linear.Scales.ToArray())
            : null;

    /// <summary>The codes that a DequantizeLinear of constants reads; null if they are of another kind.</summary>
    public static QuantizedWeight? Of(Operators.DequantizeLinear op, Tensor codes, Tensor scale, Tensor? zero)
    {
        if (codes.Type != ElementType.Int8 || scale.Type != ElementType.Float32 || op.Block != 0 || (zero is not null && zero.Span<sbyte>().ContainsAnyExcept((sbyte)0))) return null;
        bool fits = scale.Count == 1 || (scale.Shape.Rank == 1 && codes.Shape.Rank > 0 && codes.Shape.Axis(op.Axis) == 0 && scale.Count == codes.Shape[0]);
        return fits ? new QuantizedWeight(codes.Shape, codes.Array<sbyte>(), scale.Array<float>()) : null;
    }
}

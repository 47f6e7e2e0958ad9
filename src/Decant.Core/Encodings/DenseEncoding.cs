using System.Numerics;

namespace Decant.Core;

/// <summary>Every number as it is, of any element type.</summary>
public sealed class DenseEncoding : Encoding
{
    private readonly Tensor values;

    /// <summary>Holds a tensor, without copying it; it must not change afterwards.</summary>
    public DenseEncoding(Tensor values)
        : base(values.Type, values.Shape) => this.values = values;

    /// <inheritdoc/>
    public override string Kind => "dense";

    /// <inheritdoc/>
    public override int Bits => Type.Size() * 8;

    /// <inheritdoc/>
    public override long NonZeros =>
        Type switch
        {
            ElementType.Float32 => CountNonZeros<float>(),
            ElementType.Float64 => CountNonZeros<double>(),
            ElementType.Float16 => CountNonZeros<Half>(),
            ElementType.Int64 => CountNonZeros<long>(),
            ElementType.Int32 => CountNonZeros<int>(),
            _ => CountNonZeroElements(),
        };

    /// <inheritdoc/>
    public override Tensor Decode() => values;

    private long CountNonZeros<T>()
        where T : unmanaged, INumberBase<T>
    {
        long n = 0;
        foreach (T v in values.Span<T>())
            if (!T.IsZero(v))
                n++;
        return n;
    }

    private long CountNonZeroElements()
    {
        ReadOnlySpan<byte> bytes = values.Bytes();
        int size = Type.Size();
        long n = 0;
        for (int i = 0; i < bytes.Length; i += size)
            if (bytes.Slice(i, size).ContainsAnyExcept((byte)0))
                n++;
        return n;
    }
}

using System.Runtime.InteropServices;

namespace Decant.Runtime.Memory;

/// <summary>Numbers that never move and begin at a cache line.</summary>
internal sealed unsafe class Pinned<T>
    where T : unmanaged
{
    private const int Line = 64;

    // Only the reference keeps the memory.
    private readonly T[] array;

    /// <param name="count">How many numbers.</param>
    /// <param name="zeroed">Whether they are zero; else they are whatever was there, for those who write them
    /// all.</param>
    public Pinned(int count, bool zeroed = true)
    {
        int room = checked(count + Line / sizeof(T));
        array = zeroed ? GC.AllocateArray<T>(room, pinned: true) : GC.AllocateUninitializedArray<T>(room, pinned: true);
        Address = (T*)((Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) + Line - 1) & -Line);
        Count = count;
    }

    /// <summary>Copies numbers.</summary>
    public Pinned(ReadOnlySpan<T> values)
        : this(values.Length, zeroed: false) => values.CopyTo(Span);

    /// <summary>The first number. It stays valid while this object is reachable.</summary>
    public T* Address { get; }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The numbers.</summary>
    public Span<T> Span => new(Address, Count);
}

/// <summary>
/// A weight in codes of 8 bits with sign: code · scale, with one scale, or one for each place along axis 0.
/// </summary>
internal sealed record QuantizedWeight(Shape Shape, sbyte[] Codes, float[] Scales)
{
    /// <summary>The codes of a linear encoding; null if they are of another kind.</summary>
    public static QuantizedWeight? Of(Encoding encoding) =>
        encoding is LinearEncoding { Bits: <= 8, Axis: <= 0, Block: 0 } linear && !linear.Zeros.ContainsAnyExcept(0)
            ? new QuantizedWeight(linear.Shape, linear.Codes.ToArray(), linear.Scales.ToArray())
            : null;

    /// <summary>The codes that a DequantizeLinear of constants reads; null if they are of another kind.</summary>
    public static QuantizedWeight? Of(Operators.DequantizeLinear op, Tensor codes, Tensor scale, Tensor? zero)
    {
        if (scale.Type != ElementType.Float32 || op.Block != 0 || Signed(codes, zero) is not { } signed)
            return null;
        bool fits =
            scale.Count == 1
            || (
                scale.Shape.Rank == 1
                && codes.Shape.Rank > 0
                && codes.Shape.Axis(op.Axis) == 0
                && scale.Count == codes.Shape[0]
            );
        return fits ? new QuantizedWeight(codes.Shape, signed, scale.Array<float>()) : null;
    }

    /// <summary>
    /// Codes less their zero points, which must all be 0, or 128 for codes without sign; null if they are not.
    /// </summary>
    private static sbyte[]? Signed(Tensor codes, Tensor? zero) =>
        codes.Type switch
        {
            ElementType.Int8 when zero is null || !zero.Span<sbyte>().ContainsAnyExcept((sbyte)0) =>
                codes.Array<sbyte>(),
            ElementType.UInt8 when zero is not null && !zero.Span<byte>().ContainsAnyExcept((byte)128) =>
                Array.ConvertAll(codes.Array<byte>(), c => (sbyte)(c - 128)),
            _ => null,
        };
}

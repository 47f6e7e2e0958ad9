using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The elements of a type as keys: numbers of <see cref="Bits"/> bits. A float's key is its bits, the sign on top; a
/// signed integer's is its zigzag, so that small ones have small keys; of others it is the element.
/// </summary>
/// <param name="Size">Bytes of an element: 1, 2, 4 or 8.</param>
/// <param name="Mantissa">Bits of a float's mantissa; 0 for types without a sign bit.</param>
/// <param name="IsSigned">Whether it is a signed integer.</param>
internal readonly record struct ElementFormat(int Size, int Mantissa, bool IsSigned)
{
    /// <summary>Bits of a key.</summary>
    public int Bits => 8 * Size;

    /// <summary>Whether the top bit of a key is a sign.</summary>
    public bool IsFloat => Mantissa > 0;

    /// <summary>The bits of a key that are not a sign.</summary>
    public ulong MagnitudeMask => ulong.MaxValue >> (64 - Bits + (IsFloat ? 1 : 0));

    public static ElementFormat Of(ElementType type) =>
        new(
            type.Size(),
            type switch
            {
                ElementType.Float16 => 10,
                ElementType.Float32 => 23,
                ElementType.Float64 => 52,
                _ => 0,
            },
            type is ElementType.Int4 or ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64
        );

    /// <summary>The key of the element at an index of a tensor's bytes.</summary>
    public ulong Read(ReadOnlySpan<byte> bytes, int index) =>
        Size switch
        {
            1 => KeyOf(bytes[index]),
            2 => KeyOf(MemoryMarshal.Cast<byte, ushort>(bytes)[index]),
            4 => KeyOf(MemoryMarshal.Cast<byte, uint>(bytes)[index]),
            _ => KeyOf(MemoryMarshal.Cast<byte, ulong>(bytes)[index]),
        };

    /// <summary>Puts the element of a key at an index of a tensor's bytes.</summary>
    public void Write(Span<byte> bytes, int index, ulong key)
    {
        ulong element = ElementOf(key);
        switch (Size)
        {
            case 1:
                bytes[index] = (byte)element;
                break;
            case 2:
                MemoryMarshal.Cast<byte, ushort>(bytes)[index] = (ushort)element;
                break;
            case 4:
                MemoryMarshal.Cast<byte, uint>(bytes)[index] = (uint)element;
                break;
            default:
                MemoryMarshal.Cast<byte, ulong>(bytes)[index] = element;
                break;
        }
    }

    /// <summary>The key that follows two others if all three elements rise by equal steps, modulo 2^bits.</summary>
    public ulong Extrapolate(ulong beforeLast, ulong last) =>
        KeyOf((2 * ElementOf(last) - ElementOf(beforeLast)) & ulong.MaxValue >> (64 - Bits));

    /// <summary>How large a key is, coarsely: a float's exponent, how many bits another has.</summary>
    public int LevelOf(ulong key) =>
        IsFloat ? (int)((key & MagnitudeMask) >> Mantissa) : 64 - BitOperations.LeadingZeroCount(key);

    private ulong KeyOf(ulong element)
    {
        if (!IsSigned)
            return element;
        long value = (long)(element << (64 - Bits)) >> (64 - Bits);
        return (ulong)(value << 1 ^ value >> 63) & ulong.MaxValue >> (64 - Bits);
    }

    private ulong ElementOf(ulong key) => IsSigned ? (key >> 1 ^ (0 - (key & 1))) & ulong.MaxValue >> (64 - Bits) : key;
}

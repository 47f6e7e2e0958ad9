using System.Numerics;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of float32 numbers, exact to the bit: exponent, sign and the first mantissa bits are modelled, the rest is raw.
/// Low mantissa bits that are zero in every number (bfloat16, float16 and coarse grids have such) are left out.
/// </summary>
internal sealed class FloatModel
{
    private const int HeadBits = 2, Mantissa = 23, Limit = 255;

    private readonly BitTree exponents = new(8, 1, Limit), signs = new(1, 256, Limit), heads = new(HeadBits, 256, Limit), grids = new(5, 1);

    /// <summary>Codes numbers: reads <paramref name="given"/> when encoding, else fills <paramref name="made"/>; the other is empty.</summary>
    public void Code<T>(ref T coder, ReadOnlySpan<float> given, Span<float> made) where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length);
        if (n == 0) return;
        int zeros = Math.Min(Mantissa, grids.Code(ref coder, TrailingZeros(given)));
        for (int i = 0; i < n; i++)
        {
            uint bits = CodeOne(ref coder, given.IsEmpty ? 0 : BitConverter.SingleToUInt32Bits(given[i]), zeros);
            if (!made.IsEmpty) made[i] = BitConverter.UInt32BitsToSingle(bits);
        }
    }

    /// <summary>How many low mantissa bits are zero in every number, at most 23.</summary>
    internal static int TrailingZeros(ReadOnlySpan<float> values)
    {
        uint any = 1u << Mantissa;
        foreach (float v in values) any |= BitConverter.SingleToUInt32Bits(v);
        return BitOperations.TrailingZeroCount(any);
    }

    private uint CodeOne<T>(ref T coder, uint bits, int zeros) where T : struct, IBinaryCoder
    {
        int exponent = exponents.Code(ref coder, (int)(bits >> Mantissa & 0xFF));
        uint sign = (uint)signs.Code(ref coder, (int)(bits >> 31), exponent);
        uint result = sign << 31 | (uint)exponent << Mantissa;
        int left = Mantissa - zeros;
        if (left >= HeadBits)
        {
            left -= HeadBits;
            result |= (uint)heads.Code(ref coder, (int)(bits >> (left + zeros) & ((1 << HeadBits) - 1)), exponent) << (left + zeros);
        }
        for (int n; left > 0; result |= coder.CodeRaw(bits >> (left + zeros) & (1u << n) - 1, n) << (left + zeros)) left -= n = Math.Min(16, left);
        return result;
    }
}

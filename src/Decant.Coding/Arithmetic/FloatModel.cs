using System.Numerics;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of float32 numbers, exact to the bit: exponent, sign and the first mantissa bits are modelled, the
/// rest is raw.
/// Low mantissa bits that are zero in every number (bfloat16, float16 and coarse grids have such) are left out.
/// </summary>
internal sealed class FloatModel
{
    private const int HeadBits = 2,
        Mantissa = 23,
        Limit = 255;

    private readonly BitTree exponents = new(8, 1, Limit),
        signs = new(1, 256, Limit),
        heads = new(HeadBits, 256, Limit),
        grids = new(5, 1);

    /// <summary>
    /// Codes numbers: reads <paramref name="given"/> when encoding, else fills <paramref name="made"/>; the other is
    /// empty.
    /// </summary>
    public void Code<T>(ref T coder, ReadOnlySpan<float> given, Span<float> made)
        where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length);
        if (n == 0)
            return;
        int zeros = Math.Min(Mantissa, grids.Code(ref coder, TrailingZeros(given)));
        for (int i = 0; i < n; i++)
        {
            uint bits = CodeOne(ref coder, given.IsEmpty ? 0 : BitConverter.SingleToUInt32Bits(given[i]), zeros);
            if (!made.IsEmpty)
                made[i] = BitConverter.UInt32BitsToSingle(bits);
        }
    }

    /// <summary>How many low mantissa bits are zero in every number, at most 23.</summary>
    internal static int TrailingZeros(ReadOnlySpan<float> values)
    {
        uint any = 1u << Mantissa;
        foreach (float v in values)
            any |= BitConverter.SingleToUInt32Bits(v);
        return BitOperations.TrailingZeroCount(any);
    }

    private uint CodeOne<T>(ref T coder, uint bits, int zeros)
        where T : struct, IBinaryCoder
    {
        int exponent = exponents.Code(ref coder, (int)(bits >> Mantissa & 0xFF));
        uint sign = (uint)signs.Code(ref coder, (int)(bits >> 31), exponent);
        uint result = sign << 31 | (uint)exponent << Mantissa;
        int left = Mantissa - zeros;
        if (left >= HeadBits)
        {
            left -= HeadBits;
            result |=
                (uint)heads.Code(ref coder, (int)(bits >> (left + zeros) & ((1 << HeadBits) - 1)), exponent)
                << (left + zeros);
        }
        for (int n; left > 0; result |= coder.CodeRaw(bits >> (left + zeros) & (1u << n) - 1, n) << (left + zeros))
            left -= n = Math.Min(16, left);
        return result;
    }
}

/// <summary>
/// The order of float32 numbers as unsigned integers: every bit pattern has a key of its own, rising with the number.
/// </summary>
internal static class FloatOrder
{
    public static uint KeyOf(float value) =>
        BitConverter.SingleToUInt32Bits(value) is var b && b >> 31 != 0 ? ~b : b | 0x80000000;

    public static float ValueOf(uint key) => BitConverter.UInt32BitsToSingle(key >> 31 != 0 ? key & 0x7FFFFFFF : ~key);
}

/// <summary>
/// An adaptive code of natural numbers below 2^64: how many bits they have, the two bits after the leading one, the
/// rest as it is.
/// </summary>
internal sealed class NumberModel(int contexts)
{
    private readonly BitTree lengths = new(7, contexts, 255);
    private readonly BitTree heads = new(2, contexts * 65, 255);

    public ulong Code<T>(ref T coder, ulong value, int context = 0)
        where T : struct, IBinaryCoder
    {
        int length = Math.Min(64, lengths.Code(ref coder, 64 - BitOperations.LeadingZeroCount(value), context));
        if (length <= 1)
            return (ulong)length;
        int rest = length - 1;
        ulong result = 1;
        if (rest >= 2)
        {
            rest -= 2;
            result = result << 2 | (uint)heads.Code(ref coder, (int)(value >> rest & 3), context * 65 + length);
        }
        for (int n; rest > 0; result = result << n | coder.CodeRaw((uint)(value >> rest & (1u << n) - 1), n))
            rest -= n = Math.Min(16, rest);
        return result;
    }
}

/// <summary>A running mean of magnitudes.</summary>
internal struct MeanMagnitude
{
    private long sum;
    private int count;

    public void Add(int value) => (sum, count) = (sum + value, count + 1);

    /// <summary>The mean, with some more of a prior one.</summary>
    public readonly int Of(int prior, int weight) =>
        count + weight == 0 ? prior : (int)((sum + (long)prior * weight) / (count + weight));

    /// <summary>The binary logarithm of a ratio, in eighths.</summary>
    public static int Ratio(int value, int mean) => (Log(value) - Log(mean)) / 2;

    /// <summary>The binary logarithm in 1/16, straight between powers of two.</summary>
    private static int Log(int value)
    {
        int v = Math.Max(1, value),
            n = BitOperations.Log2((uint)v);
        return n * 16 + (int)((long)v << 4 >> n) - 16;
    }
}

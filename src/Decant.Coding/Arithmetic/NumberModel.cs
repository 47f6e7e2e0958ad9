using System.Numerics;

namespace Decant.Coding;

/// <summary>An adaptive code of natural numbers below 2^64: how many bits they have, the two bits after the leading one, the rest as it is.</summary>
internal sealed class NumberModel(int contexts)
{
    private readonly BitTree lengths = new(7, contexts, 255);
    private readonly BitTree heads = new(2, contexts * 65, 255);

    public ulong Code<T>(ref T coder, ulong value, int context = 0) where T : struct, IBinaryCoder
    {
        int length = Math.Min(64, lengths.Code(ref coder, 64 - BitOperations.LeadingZeroCount(value), context));
        if (length <= 1) return (ulong)length;
        int rest = length - 1;
        ulong result = 1;
        if (rest >= 2)
        {
            rest -= 2;
            result = result << 2 | (uint)heads.Code(ref coder, (int)(value >> rest & 3), context * 65 + length);
        }
        for (int n; rest > 0; result = result << n | coder.CodeRaw((uint)(value >> rest & (1u << n) - 1), n)) rest -= n = Math.Min(16, rest);
        return result;
    }
}

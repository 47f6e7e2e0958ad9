using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of rising float32 numbers, exact to the bit: the steps between their order-preserving keys. How many bits a step
/// has is predicted from the step before it, since shared numbers lie about evenly; low bits that are zero in all are left out.
/// </summary>
internal sealed class CodebookModel
{
    private readonly BitTree counts = new(8, 1), minusZero = new(1, 1), grids = new(5, 1);
    private readonly BitTree lengths = new(6, 2, 255);
    private readonly BitTree heads = new(3, 64, 255);

    /// <summary>Codes how many entries there are, then the entries, a zero apart before the others.</summary>
    /// <returns>The entries.</returns>
    public float[] CodeAll<T>(ref T coder, float[]? given, bool zeroApart) where T : struct, IBinaryCoder
    {
        float[] values = given ?? new float[counts.Code(ref coder, 0) + 1];
        if (given is not null) counts.Code(ref coder, given.Length - 1);
        if (zeroApart && minusZero.Code(ref coder, float.IsNegative(values[0]) ? 1 : 0) == 1 && given is null) values[0] = -0f;
        Span<float> rest = values.AsSpan(zeroApart ? 1 : 0);
        Code(ref coder, given is null ? [] : rest, given is null ? rest : []);
        return values;
    }

    /// <summary>Codes numbers: reads <paramref name="given"/> when encoding, else fills <paramref name="made"/>; the other is empty.</summary>
    /// <exception cref="FileFormatException">The stream is damaged: the numbers leave the range of keys.</exception>
    private void Code<T>(ref T coder, ReadOnlySpan<float> given, Span<float> made) where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length);
        if (n == 0) return;
        int zeros = Math.Min(23, grids.Code(ref coder, FloatModel.TrailingZeros(given)));
        ulong key = 0;
        double step = 0;
        for (int i = 0; i < n; i++)
        {
            ulong next = given.IsEmpty ? 0 : FloatOrder.KeyOf(given[i]) >> zeros;
            ulong delta = i == 0 ? Raw(ref coder, next, 32 - zeros) : Step(ref coder, next - key, ContextOf(key, zeros, step));
            if (key + delta > uint.MaxValue >> zeros) throw new FileFormatException("a codebook's numbers leave the range of float32");
            float before = ValueOf(key, zeros), value = ValueOf(key += delta, zeros);
            step = i == 0 ? 0 : (double)value - before;
            if (!made.IsEmpty) made[i] = value;
        }
    }

    /// <summary>Bits that the last step would have among keys as dense as here; 0 if there was none.</summary>
    private static int ContextOf(ulong key, int zeros, double step)
    {
        if (!(step > 0) || !double.IsFinite(step)) return step == 0 ? 0 : 33;
        double from = ValueOf(key, zeros);
        ulong reached = FloatOrder.KeyOf((float)(from + step)) >> zeros;
        return reached > key ? 64 - BitOperations.LeadingZeroCount(reached - key) : 0;
    }

    private static float ValueOf(ulong key, int zeros)
    {
        uint low = (1u << zeros) - 1, full = (uint)key << zeros;
        return FloatOrder.ValueOf(full >> 31 != 0 ? full : full | low);
    }

    private static ulong Raw<T>(ref T coder, ulong value, int bits) where T : struct, IBinaryCoder
    {
        ulong result = 0;
        for (int n; bits > 0; result = result << n | coder.CodeRaw((uint)(value >> bits) & (1u << n) - 1, n)) bits -= n = Math.Min(16, bits);
        return result;
    }

    private ulong Step<T>(ref T coder, ulong delta, int expected) where T : struct, IBinaryCoder
    {
        int more = lengths.Code(ref coder, 64 - BitOperations.LeadingZeroCount(delta) - expected & 63, expected == 0 ? 0 : 1);
        int length = Math.Min(32, more + expected & 63);
        if (length <= 1) return (ulong)length;
        int rest = length - 1, head = Math.Min(3, rest);
        rest -= head;
        int top = heads.Code(ref coder, (int)(delta >> rest & (1u << head) - 1) << (3 - head), more) >> (3 - head);
        return (1ul << head | (uint)top) << rest | Raw(ref coder, delta, rest);
    }
}

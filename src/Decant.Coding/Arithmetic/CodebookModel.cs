using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of rising float32 numbers, exact to the bit: the steps between their order-preserving keys. A step
/// is predicted from the two before it, since centroids found by k-means lie in smooth waves; its logarithm is
/// coded as the difference from that, its low bits as they are. Low bits that are zero in all numbers are left out.
/// </summary>
internal sealed class CodebookModel
{
    private readonly BitTree counts = new(8, 1),
        minusZero = new(1, 1),
        grids = new(5, 1);
    private readonly NumberModel surprises = new(6);

    /// <summary>Codes how many entries there are, then the entries, a zero apart before the others.</summary>
    /// <returns>The entries.</returns>
    public float[] CodeAll<T>(ref T coder, float[]? given, bool zeroApart)
        where T : struct, IBinaryCoder
    {
        float[] values = given ?? new float[counts.Code(ref coder, 0) + 1];
        if (given is not null)
            counts.Code(ref coder, given.Length - 1);
        if (zeroApart && minusZero.Code(ref coder, float.IsNegative(values[0]) ? 1 : 0) == 1 && given is null)
            values[0] = -0f;
        Span<float> rest = values.AsSpan(zeroApart ? 1 : 0);
        Code(ref coder, given is null ? [] : rest, given is null ? rest : []);
        return values;
    }

    /// <summary>
    /// Codes numbers: reads <paramref name="given"/> when encoding, else fills <paramref name="made"/>; the other is
    /// empty.
    /// </summary>
    /// <exception cref="FileFormatException">The stream is damaged: the numbers leave the range of keys.</exception>
    private void Code<T>(ref T coder, ReadOnlySpan<float> given, Span<float> made)
        where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length);
        if (n == 0)
            return;
        int zeros = Math.Min(23, grids.Code(ref coder, FloatModel.TrailingZeros(given)));
        ulong key = 0;
        double step = 0,
            before = 0;
        for (int i = 0; i < n; i++)
        {
            ulong next = given.IsEmpty ? 0 : FloatOrder.KeyOf(given[i]) >> zeros;
            ulong delta =
                i == 0
                    ? Raw(ref coder, next, 32 - zeros)
                    : Step(ref coder, next - key, Expected(key, zeros, step, before), Roughness(step, before));
            if (key + delta > uint.MaxValue >> zeros)
                throw new FileFormatException("a codebook's entries leave the range of float32");
            float last = ValueOf(key, zeros),
                value = ValueOf(key += delta, zeros);
            (before, step) = (step, i == 0 ? 0 : (double)value - last);
            if (!made.IsEmpty)
                made[i] = value;
        }
    }

    /// <summary>The logarithm of the step that is expected among keys as dense as here.</summary>
    private static int Expected(ulong key, int zeros, double step, double before)
    {
        const int atFirst = 20 << 3;
        if (!(step > 0) || !double.IsFinite(step))
            return Math.Max(0, atFirst - (zeros << 3));
        double next = before > 0 ? Math.Clamp(step + (step - before) * 0.75, step * 0.5, step * 2) : step;
        ulong reached = FloatOrder.KeyOf((float)(ValueOf(key, zeros) + next)) >> zeros;
        return reached > key ? Log(reached - key) : 0;
    }

    /// <summary>How much the last two steps differ, in six classes.</summary>
    private static int Roughness(double step, double before)
    {
        if (!(step > 0) || !(before > 0))
            return 5;
        double ratio = step > before ? step / before : before / step;
        return ratio < 1.08 ? 0
            : ratio < 1.2 ? 1
            : ratio < 1.4 ? 2
            : ratio < 2 ? 3
            : 4;
    }

    private static float ValueOf(ulong key, int zeros)
    {
        uint low = (1u << zeros) - 1,
            full = (uint)key << zeros;
        return FloatOrder.ValueOf(full >> 31 != 0 ? full : full | low);
    }

    private static ulong Raw<T>(ref T coder, ulong value, int bits)
        where T : struct, IBinaryCoder
    {
        ulong result = 0;
        for (int n; bits > 0; result = result << n | coder.CodeRaw((uint)(value >> bits) & (1u << n) - 1, n))
            bits -= n = Math.Min(16, bits);
        return result;
    }

    /// <summary>How many bits a number has, then the three after the leading one.</summary>
    private static int Log(ulong value)
    {
        int length = 64 - BitOperations.LeadingZeroCount(value);
        return length << 3 | (int)((length > 3 ? value >> (length - 4) : value << (4 - length)) & 7);
    }

    private ulong Step<T>(ref T coder, ulong delta, int expected, int roughness)
        where T : struct, IBinaryCoder
    {
        int surprise = Log(delta) - expected;
        int zigzag = (int)
            Math.Min(1024, surprises.Code(ref coder, (ulong)(surprise << 1 ^ surprise >> 31) & 0xFFFF, roughness));
        int log = expected + (zigzag >> 1 ^ -(zigzag & 1)),
            length = Math.Clamp(log >> 3, 0, 32);
        if (length <= 1)
            return (ulong)length;
        int rest = length - 1,
            head = Math.Min(3, rest);
        ulong top = 1ul << head | (uint)(log & 7) >> (3 - head);
        return top << (rest - head) | Raw(ref coder, delta, rest - head);
    }
}

/// <summary>
/// What a sorted codebook says of its indices before any is seen. Plain IEEE arithmetic in a fixed order: the same
/// everywhere.
/// </summary>
internal static class CodebookPrior
{
    private const int Reach = 8;

    /// <summary>Magnitudes, from 1 to 4096 where the largest finite one is.</summary>
    public static int[] Magnitudes(ReadOnlySpan<float> values)
    {
        float most = 0;
        foreach (float v in values)
            if (float.IsFinite(v))
                most = Math.Max(most, Math.Abs(v));
        var result = new int[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = float.IsFinite(values[i]) && most > 0 ? (int)(Math.Abs(values[i] / most) * 4095) + 1 : 4096;
        return result;
    }

    /// <summary>
    /// How often each entry is to be expected, up to a factor. Optimal quantizers have cells as wide as the density to
    /// the power of -1/3, so that density · width is about width to the power of -2 at large; k-means that has not
    /// converged leaves waves, in which a cell's share is its width. So: the width over the mean width around, over the
    /// mean width around.
    /// </summary>
    public static double[] Masses(ReadOnlySpan<float> values)
    {
        var widths = new double[values.Length];
        for (int i = 0; i < widths.Length; i++)
            widths[i] = Width(values, i);
        var masses = new double[values.Length];
        for (int i = 0; i < masses.Length; i++)
        {
            int start = Math.Max(0, i - Reach),
                end = Math.Min(widths.Length, i + Reach + 1);
            double sum = 0;
            for (int k = start; k < end; k++)
                sum += widths[k];
            double around = sum / (end - start);
            masses[i] = around > 0 && double.IsFinite(around) ? Math.Clamp(widths[i] / around, 0.1, 10) / around : 0;
        }
        return masses;
    }

    /// <summary>The width of an entry's cell; pruning leaves none across zero.</summary>
    private static double Width(ReadOnlySpan<float> values, int i)
    {
        bool below = i > 0 && values[i - 1] < 0 == values[i] < 0,
            beyond = i + 1 < values.Length && values[i + 1] < 0 == values[i] < 0;
        double sum = (below ? (double)values[i] - values[i - 1] : 0) + (beyond ? (double)values[i + 1] - values[i] : 0);
        return !double.IsFinite(sum) ? 0
            : below && beyond ? sum / 2
            : sum;
    }
}

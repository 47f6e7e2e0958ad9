using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>
/// Normalizes a row. Its mean is found in two passes, the second of which sums what the first left over as well (Chan,
/// Golub, LeVeque 1983), so that floats are enough even where the mean is large.
/// </summary>
internal static unsafe class RowNormalizer<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>Writes (x − mean)/√(mean square + ε)·scale + shift.</summary>
    public static void Run(float* x, float* y, float* scale, float* shift, ref NormalizedRow row)
    {
        float mean = row.Centered ? Sum(x, row.Count) / row.Count : 0;
        var (rest, squares) = Rest(x, row.Count, mean);
        float left = row.Centered ? rest / row.Count : 0;
        float factor = (float)(
            1 / Math.Sqrt(Math.Max(0, (double)squares / row.Count - (double)left * left) + row.Epsilon)
        );
        if (row.Run == 1)
        {
            Each(x, y, row.Count, mean, left, factor, scale, shift);
            return;
        }
        for (int at = 0, k = 0; at < row.Count; at += row.Run, k++)
            Same(x + at, y + at, row.Run, mean, left, factor * scale[k], shift == null ? 0 : shift[k]);
    }

    private static float Sum(float* x, int count)
    {
        V a = S.Zero,
            b = S.Zero,
            c = S.Zero,
            d = S.Zero;
        int i = 0;
        for (; i <= count - 4 * S.Count; i += 4 * S.Count)
        {
            a = S.Add(a, S.Load(x + i));
            b = S.Add(b, S.Load(x + i + S.Count));
            c = S.Add(c, S.Load(x + i + 2 * S.Count));
            d = S.Add(d, S.Load(x + i + 3 * S.Count));
        }
        for (; i <= count - S.Count; i += S.Count)
            a = S.Add(a, S.Load(x + i));
        float sum = S.Sum(S.Add(S.Add(a, b), S.Add(c, d)));
        for (; i < count; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>The sums of x − mean and of its square.</summary>
    private static (float Left, float Squares) Rest(float* x, int count, float mean)
    {
        V m = S.Broadcast(mean),
            a = S.Zero,
            b = S.Zero,
            aa = S.Zero,
            bb = S.Zero;
        int i = 0;
        for (; i <= count - 2 * S.Count; i += 2 * S.Count)
        {
            V u = S.Subtract(S.Load(x + i), m),
                v = S.Subtract(S.Load(x + i + S.Count), m);
            (a, b) = (S.Add(a, u), S.Add(b, v));
            (aa, bb) = (S.MultiplyAdd(u, u, aa), S.MultiplyAdd(v, v, bb));
        }
        float rest = S.Sum(S.Add(a, b)),
            squares = S.Sum(S.Add(aa, bb));
        for (; i < count; i++)
        {
            rest += x[i] - mean;
            squares += (x[i] - mean) * (x[i] - mean);
        }
        return (rest, squares);
    }

    private static void Each(
        float* x,
        float* y,
        int count,
        float mean,
        float left,
        float factor,
        float* scale,
        float* shift
    )
    {
        V m = S.Broadcast(mean),
            l = S.Broadcast(left),
            f = S.Broadcast(factor);
        int i = 0;
        for (; i <= count - S.Count; i += S.Count)
        {
            V s = S.Multiply(S.Multiply(S.Subtract(S.Subtract(S.Load(x + i), m), l), f), S.Load(scale + i));
            S.Store(shift == null ? s : S.Add(s, S.Load(shift + i)), y + i);
        }
        for (; i < count; i++)
            y[i] = (x[i] - mean - left) * factor * scale[i] + (shift == null ? 0 : shift[i]);
    }

    private static void Same(float* x, float* y, int count, float mean, float left, float factor, float shift)
    {
        V m = S.Broadcast(mean),
            l = S.Broadcast(left),
            f = S.Broadcast(factor),
            o = S.Broadcast(shift);
        int i = 0;
        for (; i <= count - S.Count; i += S.Count)
            S.Store(S.MultiplyAdd(S.Subtract(S.Subtract(S.Load(x + i), m), l), f, o), y + i);
        for (; i < count; i++)
            y[i] = (x[i] - mean - left) * factor + shift;
    }
}

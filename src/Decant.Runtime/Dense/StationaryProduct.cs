using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using S = Decant.Runtime.Vectors.Simd512;

namespace Decant.Runtime.Dense;

/// <summary>
/// Many short rows of inputs times one vector of 512 bits of output channels: the filters stay in registers, sixteen or
/// eight steps of the sum at a time, and rows pass by. So nothing is set up again for every few rows. It needs the 32
/// registers that such vectors have.
/// </summary>
internal static unsafe class StationaryProduct<P>
    where P : struct, ISteps
{
    private const int Rows = 4;

    /// <summary>Writes y[r] = Σ x[r, k]·w[k].</summary>
    /// <param name="x">The first row.</param>
    /// <param name="row">Floats from a row to the next.</param>
    /// <param name="rows">How many rows; there is room for a multiple of four.</param>
    /// <param name="w">The filters of the first step.</param>
    /// <param name="step">Floats from a step's filters to the next one's.</param>
    /// <param name="steps">How many steps, counted in those that a vector takes at once; a multiple of eight.</param>
    /// <param name="y">The first sums.</param>
    /// <param name="next">Floats from a row's sums to the next one's.</param>
    public static void Run(float* x, nint row, int rows, float* w, nint step, int steps, float* y, nint next)
    {
        bool adds = false;
        for (; steps >= 16; steps -= 16, x += 16 * P.Count, w += 16 * step, adds = true)
            Sixteen(x, row, rows, w, step, y, next, adds);
        if (steps > 0)
            Eight(x, row, rows, w, step, y, next, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sixteen(float* x, nint row, int rows, float* w, nint step, float* y, nint next, bool adds)
    {
        Vector512<float> w0 = S.Load(w),
            w1 = S.Load(w + step),
            w2 = S.Load(w + 2 * step),
            w3 = S.Load(w + 3 * step),
            w4 = S.Load(w + 4 * step),
            w5 = S.Load(w + 5 * step),
            w6 = S.Load(w + 6 * step),
            w7 = S.Load(w + 7 * step),
            w8 = S.Load(w + 8 * step),
            w9 = S.Load(w + 9 * step),
            w10 = S.Load(w + 10 * step),
            w11 = S.Load(w + 11 * step),
            w12 = S.Load(w + 12 * step),
            w13 = S.Load(w + 13 * step),
            w14 = S.Load(w + 14 * step),
            w15 = S.Load(w + 15 * step);
        for (int r = 0; r < rows; r += Rows, x += Rows * row, y += Rows * next)
        {
            float* x1 = x + row,
                x2 = x1 + row,
                x3 = x2 + row;
            Vector512<float> a = S.Zero,
                b = a,
                c = a,
                d = a;
            a = S.MultiplyAdd(P.Broadcast(x), w0, a);
            b = S.MultiplyAdd(P.Broadcast(x1), w0, b);
            c = S.MultiplyAdd(P.Broadcast(x2), w0, c);
            d = S.MultiplyAdd(P.Broadcast(x3), w0, d);
            a = S.MultiplyAdd(P.Broadcast(x + P.Count), w1, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + P.Count), w1, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + P.Count), w1, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + P.Count), w1, d);
            a = S.MultiplyAdd(P.Broadcast(x + 2 * P.Count), w2, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 2 * P.Count), w2, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 2 * P.Count), w2, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 2 * P.Count), w2, d);
            a = S.MultiplyAdd(P.Broadcast(x + 3 * P.Count), w3, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 3 * P.Count), w3, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 3 * P.Count), w3, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 3 * P.Count), w3, d);
            a = S.MultiplyAdd(P.Broadcast(x + 4 * P.Count), w4, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 4 * P.Count), w4, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 4 * P.Count), w4, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 4 * P.Count), w4, d);
            a = S.MultiplyAdd(P.Broadcast(x + 5 * P.Count), w5, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 5 * P.Count), w5, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 5 * P.Count), w5, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 5 * P.Count), w5, d);
            a = S.MultiplyAdd(P.Broadcast(x + 6 * P.Count), w6, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 6 * P.Count), w6, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 6 * P.Count), w6, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 6 * P.Count), w6, d);
            a = S.MultiplyAdd(P.Broadcast(x + 7 * P.Count), w7, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 7 * P.Count), w7, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 7 * P.Count), w7, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 7 * P.Count), w7, d);
            a = S.MultiplyAdd(P.Broadcast(x + 8 * P.Count), w8, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 8 * P.Count), w8, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 8 * P.Count), w8, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 8 * P.Count), w8, d);
            a = S.MultiplyAdd(P.Broadcast(x + 9 * P.Count), w9, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 9 * P.Count), w9, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 9 * P.Count), w9, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 9 * P.Count), w9, d);
            a = S.MultiplyAdd(P.Broadcast(x + 10 * P.Count), w10, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 10 * P.Count), w10, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 10 * P.Count), w10, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 10 * P.Count), w10, d);
            a = S.MultiplyAdd(P.Broadcast(x + 11 * P.Count), w11, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 11 * P.Count), w11, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 11 * P.Count), w11, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 11 * P.Count), w11, d);
            a = S.MultiplyAdd(P.Broadcast(x + 12 * P.Count), w12, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 12 * P.Count), w12, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 12 * P.Count), w12, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 12 * P.Count), w12, d);
            a = S.MultiplyAdd(P.Broadcast(x + 13 * P.Count), w13, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 13 * P.Count), w13, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 13 * P.Count), w13, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 13 * P.Count), w13, d);
            a = S.MultiplyAdd(P.Broadcast(x + 14 * P.Count), w14, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 14 * P.Count), w14, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 14 * P.Count), w14, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 14 * P.Count), w14, d);
            a = S.MultiplyAdd(P.Broadcast(x + 15 * P.Count), w15, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 15 * P.Count), w15, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 15 * P.Count), w15, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 15 * P.Count), w15, d);
            P.Put(a, y, adds);
            P.Put(b, y + next, adds);
            P.Put(c, y + 2 * next, adds);
            P.Put(d, y + 3 * next, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(float* x, nint row, int rows, float* w, nint step, float* y, nint next, bool adds)
    {
        Vector512<float> w0 = S.Load(w),
            w1 = S.Load(w + step),
            w2 = S.Load(w + 2 * step),
            w3 = S.Load(w + 3 * step),
            w4 = S.Load(w + 4 * step),
            w5 = S.Load(w + 5 * step),
            w6 = S.Load(w + 6 * step),
            w7 = S.Load(w + 7 * step);
        for (int r = 0; r < rows; r += Rows, x += Rows * row, y += Rows * next)
        {
            float* x1 = x + row,
                x2 = x1 + row,
                x3 = x2 + row;
            Vector512<float> a = S.Zero,
                b = a,
                c = a,
                d = a;
            a = S.MultiplyAdd(P.Broadcast(x), w0, a);
            b = S.MultiplyAdd(P.Broadcast(x1), w0, b);
            c = S.MultiplyAdd(P.Broadcast(x2), w0, c);
            d = S.MultiplyAdd(P.Broadcast(x3), w0, d);
            a = S.MultiplyAdd(P.Broadcast(x + P.Count), w1, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + P.Count), w1, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + P.Count), w1, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + P.Count), w1, d);
            a = S.MultiplyAdd(P.Broadcast(x + 2 * P.Count), w2, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 2 * P.Count), w2, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 2 * P.Count), w2, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 2 * P.Count), w2, d);
            a = S.MultiplyAdd(P.Broadcast(x + 3 * P.Count), w3, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 3 * P.Count), w3, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 3 * P.Count), w3, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 3 * P.Count), w3, d);
            a = S.MultiplyAdd(P.Broadcast(x + 4 * P.Count), w4, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 4 * P.Count), w4, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 4 * P.Count), w4, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 4 * P.Count), w4, d);
            a = S.MultiplyAdd(P.Broadcast(x + 5 * P.Count), w5, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 5 * P.Count), w5, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 5 * P.Count), w5, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 5 * P.Count), w5, d);
            a = S.MultiplyAdd(P.Broadcast(x + 6 * P.Count), w6, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 6 * P.Count), w6, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 6 * P.Count), w6, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 6 * P.Count), w6, d);
            a = S.MultiplyAdd(P.Broadcast(x + 7 * P.Count), w7, a);
            b = S.MultiplyAdd(P.Broadcast(x1 + 7 * P.Count), w7, b);
            c = S.MultiplyAdd(P.Broadcast(x2 + 7 * P.Count), w7, c);
            d = S.MultiplyAdd(P.Broadcast(x3 + 7 * P.Count), w7, d);
            P.Put(a, y, adds);
            P.Put(b, y + next, adds);
            P.Put(c, y + 2 * next, adds);
            P.Put(d, y + 3 * next, adds);
        }
    }
}

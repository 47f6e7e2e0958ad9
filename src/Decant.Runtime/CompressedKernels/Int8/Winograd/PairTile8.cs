using System.Runtime.CompilerServices;

namespace Decant.Runtime.CompressedKernels.Int8.Winograd;

/// <summary>Sums of pairs of 16-bit products for 8 rows by one or two vectors of outputs, held in registers.</summary>
internal static unsafe class PairTile8<V, S>
    where V : unmanaged
    where S : struct, IPairs<V>
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>One vector of outputs.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="stride">Numbers from a row to the next.</param>
    /// <param name="pairs">Pairs of a row.</param>
    /// <param name="w">The weights, pair by pair.</param>
    /// <param name="y">The first row's sums.</param>
    /// <param name="step">Sums from a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(short* x, nint stride, nint pairs, short* w, int* y, nint step)
    {
        V s0a = S.Zero,
            s1a = S.Zero,
            s2a = S.Zero,
            s3a = S.Zero,
            s4a = S.Zero,
            s5a = S.Zero,
            s6a = S.Zero,
            s7a = S.Zero;
        short* x0 = x,
            x1 = x0 + stride,
            x2 = x1 + stride,
            x3 = x2 + stride,
            x4 = x3 + stride,
            x5 = x4 + stride,
            x6 = x5 + stride,
            x7 = x6 + stride;
        for (nint k = 0; k < pairs; k++, w += 2 * S.Count)
        {
            V wa = S.Load(w);
            s0a = S.MultiplyAdd(s0a, S.Broadcast(((int*)x0)[k]), wa);
            s1a = S.MultiplyAdd(s1a, S.Broadcast(((int*)x1)[k]), wa);
            s2a = S.MultiplyAdd(s2a, S.Broadcast(((int*)x2)[k]), wa);
            s3a = S.MultiplyAdd(s3a, S.Broadcast(((int*)x3)[k]), wa);
            s4a = S.MultiplyAdd(s4a, S.Broadcast(((int*)x4)[k]), wa);
            s5a = S.MultiplyAdd(s5a, S.Broadcast(((int*)x5)[k]), wa);
            s6a = S.MultiplyAdd(s6a, S.Broadcast(((int*)x6)[k]), wa);
            s7a = S.MultiplyAdd(s7a, S.Broadcast(((int*)x7)[k]), wa);
        }
        S.Store(s0a, y);
        y += step;
        S.Store(s1a, y);
        y += step;
        S.Store(s2a, y);
        y += step;
        S.Store(s3a, y);
        y += step;
        S.Store(s4a, y);
        y += step;
        S.Store(s5a, y);
        y += step;
        S.Store(s6a, y);
        y += step;
        S.Store(s7a, y);
    }

    /// <summary>Two vectors of outputs.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="stride">Numbers from a row to the next.</param>
    /// <param name="pairs">Pairs of a row.</param>
    /// <param name="w">The weights, pair by pair.</param>
    /// <param name="y">The first row's sums.</param>
    /// <param name="step">Sums from a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(short* x, nint stride, nint pairs, short* w, int* y, nint step)
    {
        V s0a = S.Zero,
            s1a = S.Zero,
            s2a = S.Zero,
            s3a = S.Zero,
            s4a = S.Zero,
            s5a = S.Zero,
            s6a = S.Zero,
            s7a = S.Zero;
        V s0b = S.Zero,
            s1b = S.Zero,
            s2b = S.Zero,
            s3b = S.Zero,
            s4b = S.Zero,
            s5b = S.Zero,
            s6b = S.Zero,
            s7b = S.Zero;
        short* x0 = x,
            x1 = x0 + stride,
            x2 = x1 + stride,
            x3 = x2 + stride,
            x4 = x3 + stride,
            x5 = x4 + stride,
            x6 = x5 + stride,
            x7 = x6 + stride;
        for (nint k = 0; k < pairs; k++, w += 4 * S.Count)
        {
            V wa = S.Load(w),
                wb = S.Load(w + 2 * S.Count);
            V v0 = S.Broadcast(((int*)x0)[k]);
            s0a = S.MultiplyAdd(s0a, v0, wa);
            s0b = S.MultiplyAdd(s0b, v0, wb);
            V v1 = S.Broadcast(((int*)x1)[k]);
            s1a = S.MultiplyAdd(s1a, v1, wa);
            s1b = S.MultiplyAdd(s1b, v1, wb);
            V v2 = S.Broadcast(((int*)x2)[k]);
            s2a = S.MultiplyAdd(s2a, v2, wa);
            s2b = S.MultiplyAdd(s2b, v2, wb);
            V v3 = S.Broadcast(((int*)x3)[k]);
            s3a = S.MultiplyAdd(s3a, v3, wa);
            s3b = S.MultiplyAdd(s3b, v3, wb);
            V v4 = S.Broadcast(((int*)x4)[k]);
            s4a = S.MultiplyAdd(s4a, v4, wa);
            s4b = S.MultiplyAdd(s4b, v4, wb);
            V v5 = S.Broadcast(((int*)x5)[k]);
            s5a = S.MultiplyAdd(s5a, v5, wa);
            s5b = S.MultiplyAdd(s5b, v5, wb);
            V v6 = S.Broadcast(((int*)x6)[k]);
            s6a = S.MultiplyAdd(s6a, v6, wa);
            s6b = S.MultiplyAdd(s6b, v6, wb);
            V v7 = S.Broadcast(((int*)x7)[k]);
            s7a = S.MultiplyAdd(s7a, v7, wa);
            s7b = S.MultiplyAdd(s7b, v7, wb);
        }
        S.Store(s0a, y);
        S.Store(s0b, y + S.Count);
        y += step;
        S.Store(s1a, y);
        S.Store(s1b, y + S.Count);
        y += step;
        S.Store(s2a, y);
        S.Store(s2b, y + S.Count);
        y += step;
        S.Store(s3a, y);
        S.Store(s3b, y + S.Count);
        y += step;
        S.Store(s4a, y);
        S.Store(s4b, y + S.Count);
        y += step;
        S.Store(s5a, y);
        S.Store(s5b, y + S.Count);
        y += step;
        S.Store(s6a, y);
        S.Store(s6b, y + S.Count);
        y += step;
        S.Store(s7a, y);
        S.Store(s7b, y + S.Count);
    }
}

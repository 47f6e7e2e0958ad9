using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// A row of inputs times packed filters, for one block of output channels: eight sums in registers, of eight vectors of
/// channels or of fewer at several steps of the sum at once. Eight cover the latency of a fused multiply-add.
/// </summary>
internal static unsafe class RowProduct<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>Writes bias + Σ x[k]·w[k] of a block to whole vectors at <paramref name="sums"/>.</summary>
    public static void Run(float* x, nint depth, float* w, float* bias, float* sums, int vectors)
    {
        switch (vectors)
        {
            case 8:
                Eight(x, depth, w, bias, sums);
                break;
            case 4:
                Four(x, depth, w, bias, sums);
                break;
            case 2:
                Two(x, depth, w, bias, sums);
                break;
            default:
                One(x, depth, w, bias, sums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(float* x, nint depth, float* w, float* bias, float* sums)
    {
        V a = S.Load(bias),
            b = S.Load(bias + S.Count),
            c = S.Load(bias + 2 * S.Count),
            d = S.Load(bias + 3 * S.Count),
            e = S.Load(bias + 4 * S.Count),
            f = S.Load(bias + 5 * S.Count),
            g = S.Load(bias + 6 * S.Count),
            h = S.Load(bias + 7 * S.Count);
        nint k = 0;
        for (; k < depth; k++, w += 8 * S.Count)
        {
            V v = S.Broadcast(x[k]);
            a = S.MultiplyAdd(v, S.Load(w), a);
            b = S.MultiplyAdd(v, S.Load(w + S.Count), b);
            c = S.MultiplyAdd(v, S.Load(w + 2 * S.Count), c);
            d = S.MultiplyAdd(v, S.Load(w + 3 * S.Count), d);
            e = S.MultiplyAdd(v, S.Load(w + 4 * S.Count), e);
            f = S.MultiplyAdd(v, S.Load(w + 5 * S.Count), f);
            g = S.MultiplyAdd(v, S.Load(w + 6 * S.Count), g);
            h = S.MultiplyAdd(v, S.Load(w + 7 * S.Count), h);
        }
        S.Store(a, sums);
        S.Store(b, sums + S.Count);
        S.Store(c, sums + 2 * S.Count);
        S.Store(d, sums + 3 * S.Count);
        S.Store(e, sums + 4 * S.Count);
        S.Store(f, sums + 5 * S.Count);
        S.Store(g, sums + 6 * S.Count);
        S.Store(h, sums + 7 * S.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* x, nint depth, float* w, float* bias, float* sums)
    {
        V a = S.Load(bias),
            b = S.Load(bias + S.Count),
            c = S.Load(bias + 2 * S.Count),
            d = S.Load(bias + 3 * S.Count),
            e = S.Zero,
            f = S.Zero,
            g = S.Zero,
            h = S.Zero;
        nint k = 0;
        for (; k <= depth - 2; k += 2, w += 8 * S.Count)
        {
            V x0 = S.Broadcast(x[k]);
            a = S.MultiplyAdd(x0, S.Load(w), a);
            b = S.MultiplyAdd(x0, S.Load(w + S.Count), b);
            c = S.MultiplyAdd(x0, S.Load(w + 2 * S.Count), c);
            d = S.MultiplyAdd(x0, S.Load(w + 3 * S.Count), d);
            V x1 = S.Broadcast(x[k + 1]);
            e = S.MultiplyAdd(x1, S.Load(w + 4 * S.Count), e);
            f = S.MultiplyAdd(x1, S.Load(w + 5 * S.Count), f);
            g = S.MultiplyAdd(x1, S.Load(w + 6 * S.Count), g);
            h = S.MultiplyAdd(x1, S.Load(w + 7 * S.Count), h);
        }
        for (; k < depth; k++, w += 4 * S.Count)
        {
            V v = S.Broadcast(x[k]);
            a = S.MultiplyAdd(v, S.Load(w), a);
            b = S.MultiplyAdd(v, S.Load(w + S.Count), b);
            c = S.MultiplyAdd(v, S.Load(w + 2 * S.Count), c);
            d = S.MultiplyAdd(v, S.Load(w + 3 * S.Count), d);
        }
        S.Store(S.Add(a, e), sums);
        S.Store(S.Add(b, f), sums + S.Count);
        S.Store(S.Add(c, g), sums + 2 * S.Count);
        S.Store(S.Add(d, h), sums + 3 * S.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* x, nint depth, float* w, float* bias, float* sums)
    {
        V a = S.Load(bias),
            b = S.Load(bias + S.Count),
            c = S.Zero,
            d = S.Zero,
            e = S.Zero,
            f = S.Zero,
            g = S.Zero,
            h = S.Zero;
        nint k = 0;
        for (; k <= depth - 4; k += 4, w += 8 * S.Count)
        {
            V x0 = S.Broadcast(x[k]);
            a = S.MultiplyAdd(x0, S.Load(w), a);
            b = S.MultiplyAdd(x0, S.Load(w + S.Count), b);
            V x1 = S.Broadcast(x[k + 1]);
            c = S.MultiplyAdd(x1, S.Load(w + 2 * S.Count), c);
            d = S.MultiplyAdd(x1, S.Load(w + 3 * S.Count), d);
            V x2 = S.Broadcast(x[k + 2]);
            e = S.MultiplyAdd(x2, S.Load(w + 4 * S.Count), e);
            f = S.MultiplyAdd(x2, S.Load(w + 5 * S.Count), f);
            V x3 = S.Broadcast(x[k + 3]);
            g = S.MultiplyAdd(x3, S.Load(w + 6 * S.Count), g);
            h = S.MultiplyAdd(x3, S.Load(w + 7 * S.Count), h);
        }
        for (; k < depth; k++, w += 2 * S.Count)
        {
            V v = S.Broadcast(x[k]);
            a = S.MultiplyAdd(v, S.Load(w), a);
            b = S.MultiplyAdd(v, S.Load(w + S.Count), b);
        }
        S.Store(S.Add(S.Add(a, c), S.Add(e, g)), sums);
        S.Store(S.Add(S.Add(b, d), S.Add(f, h)), sums + S.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* x, nint depth, float* w, float* bias, float* sums)
    {
        V a = S.Load(bias),
            b = S.Zero,
            c = S.Zero,
            d = S.Zero,
            e = S.Zero,
            f = S.Zero,
            g = S.Zero,
            h = S.Zero;
        nint k = 0;
        for (; k <= depth - 8; k += 8, w += 8 * S.Count)
        {
            V x0 = S.Broadcast(x[k]);
            a = S.MultiplyAdd(x0, S.Load(w), a);
            V x1 = S.Broadcast(x[k + 1]);
            b = S.MultiplyAdd(x1, S.Load(w + S.Count), b);
            V x2 = S.Broadcast(x[k + 2]);
            c = S.MultiplyAdd(x2, S.Load(w + 2 * S.Count), c);
            V x3 = S.Broadcast(x[k + 3]);
            d = S.MultiplyAdd(x3, S.Load(w + 3 * S.Count), d);
            V x4 = S.Broadcast(x[k + 4]);
            e = S.MultiplyAdd(x4, S.Load(w + 4 * S.Count), e);
            V x5 = S.Broadcast(x[k + 5]);
            f = S.MultiplyAdd(x5, S.Load(w + 5 * S.Count), f);
            V x6 = S.Broadcast(x[k + 6]);
            g = S.MultiplyAdd(x6, S.Load(w + 6 * S.Count), g);
            V x7 = S.Broadcast(x[k + 7]);
            h = S.MultiplyAdd(x7, S.Load(w + 7 * S.Count), h);
        }
        for (; k < depth; k++, w += S.Count)
        {
            V v = S.Broadcast(x[k]);
            a = S.MultiplyAdd(v, S.Load(w), a);
        }
        S.Store(S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(g, h))), sums);
    }
}

/// <summary>The row product of a width.</summary>
internal static unsafe class RowProducts
{
    /// <summary><see cref="RowProduct{V, S}.Run"/>.</summary>
    public static delegate* <float*, nint, float*, float*, float*, int, void> For(VectorWidth width) =>
        width switch
        {
            VectorWidth.V512 => &RowProduct<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &RowProduct<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &RowProduct<Vector128<float>, Simd128>.Run,
            _ => &RowProduct<float, SimdScalar>.Run,
        };
}

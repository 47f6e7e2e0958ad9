using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// Tiles of 8 neighbouring pixels of a row by one vector of output channels, of windows three wide that move by one:
/// what is read of the input serves the three windows it lies in, where <see cref="Tile8{V, S}"/> would read it for
/// each and wait for that.
/// </summary>
internal static unsafe class SlidingTile<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>
    /// Computes a tile. A segment is a row of the window, and <see cref="TileArguments.Run"/> the channels of a pixel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref TileArguments t, int vectors)
    {
        V a0 = S.Load(t.Bias),
            a1 = a0,
            a2 = a0,
            a3 = a0,
            a4 = a0,
            a5 = a0,
            a6 = a0,
            a7 = a0;
        float* w = t.Filters;
        nint step = t.Step,
            tap = (nint)t.Run * S.Count;
        for (int s = 0; s < t.SegmentCount; s++, w += 2 * tap)
        {
            float* x0 = t.Input + t.Segments[s] + t.InputAt[0],
                x3 = x0 + 3 * step,
                x6 = x0 + 6 * step,
                end = x0 + t.Run;
            for (; x0 < end; x0++, x3++, x6++, w += S.Count)
            {
                V w0 = S.Load(w),
                    w1 = S.Load(w + tap),
                    w2 = S.Load(w + 2 * tap);
                V v0 = S.Broadcast(*x0);
                a0 = S.MultiplyAdd(v0, w0, a0);
                V v1 = S.Broadcast(x0[step]);
                a1 = S.MultiplyAdd(v1, w0, a1);
                a0 = S.MultiplyAdd(v1, w1, a0);
                V v2 = S.Broadcast(x0[2 * step]);
                a2 = S.MultiplyAdd(v2, w0, a2);
                a1 = S.MultiplyAdd(v2, w1, a1);
                a0 = S.MultiplyAdd(v2, w2, a0);
                V v3 = S.Broadcast(*x3);
                a3 = S.MultiplyAdd(v3, w0, a3);
                a2 = S.MultiplyAdd(v3, w1, a2);
                a1 = S.MultiplyAdd(v3, w2, a1);
                V v4 = S.Broadcast(x3[step]);
                a4 = S.MultiplyAdd(v4, w0, a4);
                a3 = S.MultiplyAdd(v4, w1, a3);
                a2 = S.MultiplyAdd(v4, w2, a2);
                V v5 = S.Broadcast(x3[2 * step]);
                a5 = S.MultiplyAdd(v5, w0, a5);
                a4 = S.MultiplyAdd(v5, w1, a4);
                a3 = S.MultiplyAdd(v5, w2, a3);
                V v6 = S.Broadcast(*x6);
                a6 = S.MultiplyAdd(v6, w0, a6);
                a5 = S.MultiplyAdd(v6, w1, a5);
                a4 = S.MultiplyAdd(v6, w2, a4);
                V v7 = S.Broadcast(x6[step]);
                a7 = S.MultiplyAdd(v7, w0, a7);
                a6 = S.MultiplyAdd(v7, w1, a6);
                a5 = S.MultiplyAdd(v7, w2, a5);
                V v8 = S.Broadcast(x6[2 * step]);
                a7 = S.MultiplyAdd(v8, w1, a7);
                a6 = S.MultiplyAdd(v8, w2, a6);
                V v9 = S.Broadcast(x6[3 * step]);
                a7 = S.MultiplyAdd(v9, w2, a7);
            }
        }
        float* z = t.Scratch;
        S.Store(a0, z);
        S.Store(a1, z + S.Count);
        S.Store(a2, z + 2 * S.Count);
        S.Store(a3, z + 3 * S.Count);
        S.Store(a4, z + 4 * S.Count);
        S.Store(a5, z + 5 * S.Count);
        S.Store(a6, z + 6 * S.Count);
        S.Store(a7, z + 7 * S.Count);
        TileEnd<V, S>.Write(ref t, Tiles.SlidingPixels, 1);
    }
}

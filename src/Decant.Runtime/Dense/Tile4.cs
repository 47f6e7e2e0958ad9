using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense;

/// <summary>
/// Tiles of 4 pixels by one, two or three vectors of output channels, held in registers. The loops are written out
/// because the compiler keeps only named locals in registers.
/// </summary>
internal static unsafe class Tile4<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>Pixels in a tile.</summary>
    public const int Pixels = 4;

    /// <summary>Computes a tile of so many vectors.</summary>
    public static void Run(ref TileArguments t, int vectors)
    {
        switch (vectors)
        {
            case 1:
                One(ref t);
                break;
            case 2:
                Two(ref t);
                break;
            default:
                Three(ref t);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref TileArguments t)
    {
        V a0a = S.Load(t.Bias),
            a1a = a0a,
            a2a = a0a,
            a3a = a0a;
        float* w = t.Filters;
        nint run = t.Run;
        for (int s = 0; s < t.SegmentCount; s++)
        {
            float* x = t.Input + t.Segments[s];
            float* x0 = x + t.InputAt[0],
                x1 = x + t.InputAt[1],
                x2 = x + t.InputAt[2],
                x3 = x + t.InputAt[3];
            for (nint k = 0; k < run; k++, w += S.Count)
            {
                V wa = S.Load(w);
                a0a = S.MultiplyAdd(S.Broadcast(x0[k]), wa, a0a);
                a1a = S.MultiplyAdd(S.Broadcast(x1[k]), wa, a1a);
                a2a = S.MultiplyAdd(S.Broadcast(x2[k]), wa, a2a);
                a3a = S.MultiplyAdd(S.Broadcast(x3[k]), wa, a3a);
            }
        }
        if (t.IsPlain(S.Count))
        {
            V low = S.Broadcast(t.Low),
                high = S.Broadcast(t.High);
            float* y = t.Output;
            S.Store(S.Min(high, S.Max(low, a0a)), y + t.OutputAt[0]);
            S.Store(S.Min(high, S.Max(low, a1a)), y + t.OutputAt[1]);
            S.Store(S.Min(high, S.Max(low, a2a)), y + t.OutputAt[2]);
            S.Store(S.Min(high, S.Max(low, a3a)), y + t.OutputAt[3]);
            return;
        }
        float* z = t.Scratch;
        S.Store(a0a, z);
        S.Store(a1a, z + S.Count);
        S.Store(a2a, z + 2 * S.Count);
        S.Store(a3a, z + 3 * S.Count);
        TileEnd<V, S>.Write(ref t, Pixels, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(ref TileArguments t)
    {
        V a0a = S.Load(t.Bias),
            a1a = a0a,
            a2a = a0a,
            a3a = a0a;
        V a0b = S.Load(t.Bias + S.Count),
            a1b = a0b,
            a2b = a0b,
            a3b = a0b;
        float* w = t.Filters;
        nint run = t.Run;
        for (int s = 0; s < t.SegmentCount; s++)
        {
            float* x = t.Input + t.Segments[s];
            float* x0 = x + t.InputAt[0],
                x1 = x + t.InputAt[1],
                x2 = x + t.InputAt[2],
                x3 = x + t.InputAt[3];
            for (nint k = 0; k < run; k++, w += 2 * S.Count)
            {
                V wa = S.Load(w),
                    wb = S.Load(w + S.Count);
                V v0 = S.Broadcast(x0[k]);
                a0a = S.MultiplyAdd(v0, wa, a0a);
                a0b = S.MultiplyAdd(v0, wb, a0b);
                V v1 = S.Broadcast(x1[k]);
                a1a = S.MultiplyAdd(v1, wa, a1a);
                a1b = S.MultiplyAdd(v1, wb, a1b);
                V v2 = S.Broadcast(x2[k]);
                a2a = S.MultiplyAdd(v2, wa, a2a);
                a2b = S.MultiplyAdd(v2, wb, a2b);
                V v3 = S.Broadcast(x3[k]);
                a3a = S.MultiplyAdd(v3, wa, a3a);
                a3b = S.MultiplyAdd(v3, wb, a3b);
            }
        }
        if (t.IsPlain(2 * S.Count))
        {
            V low = S.Broadcast(t.Low),
                high = S.Broadcast(t.High);
            float* y = t.Output;
            S.Store(S.Min(high, S.Max(low, a0a)), y + t.OutputAt[0]);
            S.Store(S.Min(high, S.Max(low, a0b)), y + t.OutputAt[0] + S.Count);
            S.Store(S.Min(high, S.Max(low, a1a)), y + t.OutputAt[1]);
            S.Store(S.Min(high, S.Max(low, a1b)), y + t.OutputAt[1] + S.Count);
            S.Store(S.Min(high, S.Max(low, a2a)), y + t.OutputAt[2]);
            S.Store(S.Min(high, S.Max(low, a2b)), y + t.OutputAt[2] + S.Count);
            S.Store(S.Min(high, S.Max(low, a3a)), y + t.OutputAt[3]);
            S.Store(S.Min(high, S.Max(low, a3b)), y + t.OutputAt[3] + S.Count);
            return;
        }
        float* z = t.Scratch;
        S.Store(a0a, z);
        S.Store(a0b, z + S.Count);
        S.Store(a1a, z + 2 * S.Count);
        S.Store(a1b, z + 3 * S.Count);
        S.Store(a2a, z + 4 * S.Count);
        S.Store(a2b, z + 5 * S.Count);
        S.Store(a3a, z + 6 * S.Count);
        S.Store(a3b, z + 7 * S.Count);
        TileEnd<V, S>.Write(ref t, Pixels, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three(ref TileArguments t)
    {
        V a0a = S.Load(t.Bias),
            a1a = a0a,
            a2a = a0a,
            a3a = a0a;
        V a0b = S.Load(t.Bias + S.Count),
            a1b = a0b,
            a2b = a0b,
            a3b = a0b;
        V a0c = S.Load(t.Bias + 2 * S.Count),
            a1c = a0c,
            a2c = a0c,
            a3c = a0c;
        float* w = t.Filters;
        nint run = t.Run;
        for (int s = 0; s < t.SegmentCount; s++)
        {
            float* x = t.Input + t.Segments[s];
            float* x0 = x + t.InputAt[0],
                x1 = x + t.InputAt[1],
                x2 = x + t.InputAt[2],
                x3 = x + t.InputAt[3];
            for (nint k = 0; k < run; k++, w += 3 * S.Count)
            {
                V wa = S.Load(w),
                    wb = S.Load(w + S.Count),
                    wc = S.Load(w + 2 * S.Count);
                V v0 = S.Broadcast(x0[k]);
                a0a = S.MultiplyAdd(v0, wa, a0a);
                a0b = S.MultiplyAdd(v0, wb, a0b);
                a0c = S.MultiplyAdd(v0, wc, a0c);
                V v1 = S.Broadcast(x1[k]);
                a1a = S.MultiplyAdd(v1, wa, a1a);
                a1b = S.MultiplyAdd(v1, wb, a1b);
                a1c = S.MultiplyAdd(v1, wc, a1c);
                V v2 = S.Broadcast(x2[k]);
                a2a = S.MultiplyAdd(v2, wa, a2a);
                a2b = S.MultiplyAdd(v2, wb, a2b);
                a2c = S.MultiplyAdd(v2, wc, a2c);
                V v3 = S.Broadcast(x3[k]);
                a3a = S.MultiplyAdd(v3, wa, a3a);
                a3b = S.MultiplyAdd(v3, wb, a3b);
                a3c = S.MultiplyAdd(v3, wc, a3c);
            }
        }
        if (t.IsPlain(3 * S.Count))
        {
            V low = S.Broadcast(t.Low),
                high = S.Broadcast(t.High);
            float* y = t.Output;
            S.Store(S.Min(high, S.Max(low, a0a)), y + t.OutputAt[0]);
            S.Store(S.Min(high, S.Max(low, a0b)), y + t.OutputAt[0] + S.Count);
            S.Store(S.Min(high, S.Max(low, a0c)), y + t.OutputAt[0] + 2 * S.Count);
            S.Store(S.Min(high, S.Max(low, a1a)), y + t.OutputAt[1]);
            S.Store(S.Min(high, S.Max(low, a1b)), y + t.OutputAt[1] + S.Count);
            S.Store(S.Min(high, S.Max(low, a1c)), y + t.OutputAt[1] + 2 * S.Count);
            S.Store(S.Min(high, S.Max(low, a2a)), y + t.OutputAt[2]);
            S.Store(S.Min(high, S.Max(low, a2b)), y + t.OutputAt[2] + S.Count);
            S.Store(S.Min(high, S.Max(low, a2c)), y + t.OutputAt[2] + 2 * S.Count);
            S.Store(S.Min(high, S.Max(low, a3a)), y + t.OutputAt[3]);
            S.Store(S.Min(high, S.Max(low, a3b)), y + t.OutputAt[3] + S.Count);
            S.Store(S.Min(high, S.Max(low, a3c)), y + t.OutputAt[3] + 2 * S.Count);
            return;
        }
        float* z = t.Scratch;
        S.Store(a0a, z);
        S.Store(a0b, z + S.Count);
        S.Store(a0c, z + 2 * S.Count);
        S.Store(a1a, z + 3 * S.Count);
        S.Store(a1b, z + 4 * S.Count);
        S.Store(a1c, z + 5 * S.Count);
        S.Store(a2a, z + 6 * S.Count);
        S.Store(a2b, z + 7 * S.Count);
        S.Store(a2c, z + 8 * S.Count);
        S.Store(a3a, z + 9 * S.Count);
        S.Store(a3b, z + 10 * S.Count);
        S.Store(a3c, z + 11 * S.Count);
        TileEnd<V, S>.Write(ref t, Pixels, 3);
    }
}

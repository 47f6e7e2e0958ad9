using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Maximum and mean of one window, for all channels.</summary>
internal static unsafe class PoolPixels<V, S> where V : unmanaged where S : struct, ISimd<V>
{
    /// <summary>The maximum.</summary>
    public static void Max(ref PoolPixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count) S.Store(Max<V, S>(ref p, c), p.Output + c);
        for (; c < p.Channels; c++) p.Output[c] = Max<float, SimdScalar>(ref p, c);
    }

    /// <summary>The sum times the scale.</summary>
    public static void Mean(ref PoolPixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count) S.Store(S.Multiply(Sum<V, S>(ref p, c), S.Broadcast(p.Scale)), p.Output + c);
        for (; c < p.Channels; c++) p.Output[c] = Sum<float, SimdScalar>(ref p, c) * p.Scale;
    }

    private static A Max<A, T>(ref PoolPixel p, int channel) where A : unmanaged where T : struct, ISimd<A>
    {
        A max = T.Broadcast(float.NegativeInfinity);
        float* row = p.Input + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
            for (int x = 0; x < p.Columns; x++) max = T.Max(T.Load(row + x * p.PixelStep), max);
        return max;
    }

    private static A Sum<A, T>(ref PoolPixel p, int channel) where A : unmanaged where T : struct, ISimd<A>
    {
        A sum = T.Zero;
        float* row = p.Input + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
            for (int x = 0; x < p.Columns; x++) sum = T.Add(sum, T.Load(row + x * p.PixelStep));
        return sum;
    }
}

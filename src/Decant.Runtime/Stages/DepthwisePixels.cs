using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>All channels of one output pixel of a depthwise convolution.</summary>
internal static unsafe class DepthwisePixels<V, S> where V : unmanaged where S : struct, ISimd<V>
{
    public static void Run(ref DepthwisePixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count) Channels<V, S>(ref p, c);
        for (; c < p.Channels; c++) Channels<float, SimdScalar>(ref p, c);
    }

    private static void Channels<A, T>(ref DepthwisePixel p, int channel) where A : unmanaged where T : struct, ISimd<A>
    {
        A sum = T.Load(p.Bias + channel);
        float* row = p.Input + channel, w = p.Filters + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
            for (int x = 0; x < p.Columns; x++, w += p.Channels) sum = T.MultiplyAdd(T.Load(row + x * p.PixelStep), T.Load(w), sum);
        if (p.Residual != null) sum = T.Add(sum, T.Load(p.Residual + channel));
        T.Store(T.Min(T.Broadcast(p.High), T.Max(T.Broadcast(p.Low), sum)), p.Output + channel);
    }
}

using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>(x − center) · factor over a row, then times and plus numbers of the row's own or of the whole row.</summary>
internal static class ScaledRow
{
    /// <summary>(x − center) · factor + offset.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, T center, T factor, T offset, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> c = new(center), f = new(factor), o = new(offset);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count) ((new Vector<T>(x[i..]) - c) * f + o).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] = (x[i] - center) * factor + offset;
    }

    /// <summary>(x − center) · factor · scale + bias, element by element; no bias if it is empty.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, T center, T factor, ReadOnlySpan<T> scale, ReadOnlySpan<T> bias, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> c = new(center), f = new(factor);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> scaled = (new Vector<T>(x[i..]) - c) * f * new Vector<T>(scale[i..]);
            (bias.IsEmpty ? scaled : scaled + new Vector<T>(bias[i..])).CopyTo(y[i..]);
        }
        for (; i < x.Length; i++) y[i] = (x[i] - center) * factor * scale[i] + (bias.IsEmpty ? T.Zero : bias[i]);
    }
}

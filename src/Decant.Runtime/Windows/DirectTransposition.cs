using System.Numerics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Windows;

/// <summary>A transposed convolution by its definition, on any floating-point type: what <see cref="FoldedConvolution"/> must equal, and the way for doubles.</summary>
internal static class DirectTransposition
{
    /// <summary>Fills plane <paramref name="plane"/> (image · output channels + output channel) of <paramref name="y"/>.</summary>
    public static void Plane<T>(WindowGeometry window, ConvolutionSize size, T[] x, T[] w, T bias, T[] y, int plane) where T : unmanaged, INumber<T>
    {
        var (image, channel) = Math.DivRem(plane, size.Outputs);
        var (group, filter) = Math.DivRem(channel, size.OutputsPerGroup);
        Span<T> to = y.AsSpan(plane * window.InputPlane, window.InputPlane);
        to.Fill(bias);
        for (int c = group * size.InputsPerGroup; c < (group + 1) * size.InputsPerGroup; c++)
            Channel(window, x.AsSpan((image * size.Inputs + c) * window.OutputPlane, window.OutputPlane),
                w.AsSpan((c * size.OutputsPerGroup + filter) * window.Taps, window.Taps), to);
    }

    private static void Channel<T>(WindowGeometry window, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y) where T : unmanaged, INumber<T>
    {
        for (int place = 0; place < x.Length; place++)
        {
            var (row, column) = Math.DivRem(place, window.OutputWidth);
            for (int tap = 0; tap < w.Length; tap++)
            {
                int start = window.InputRows[tap / window.RowTaps * window.OutputRows + row], at = window.Column(column, tap % window.RowTaps);
                if (start >= 0 && at >= 0 && at < window.InputWidth) y[start + at] = ScalarProduct.MultiplyAdd(w[tap], x[place], y[start + at]);
            }
        }
    }
}

using System.Numerics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Windows;

/// <summary>Images, channels and groups of a convolution.</summary>
internal readonly record struct ConvolutionSize(int Images, int Inputs, int Outputs, int Groups)
{
    public int InputsPerGroup => Inputs / Groups;

    public int OutputsPerGroup => Outputs / Groups;
}

/// <summary>
/// A convolution by its definition, on any floating-point type: what <see cref="UnfoldedConvolution"/> must equal, and
/// the way for doubles.
/// </summary>
internal static class DirectConvolution
{
    /// <summary>
    /// Fills plane <paramref name="plane"/> (image · output channels + output channel) of <paramref name="y"/>.
    /// </summary>
    public static void Plane<T>(
        WindowGeometry window,
        ConvolutionSize size,
        T[] x,
        T[] w,
        T bias,
        T[] y,
        int plane,
        CancellationToken cancellation
    )
        where T : unmanaged, INumber<T>
    {
        var (image, channel) = Math.DivRem(plane, size.Outputs);
        int group = channel / size.OutputsPerGroup,
            start = (image * size.Inputs + group * size.InputsPerGroup) * window.InputPlane;
        int filter = channel * size.InputsPerGroup * window.Taps;
        for (int place = 0; place < window.OutputPlane; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            T sum = bias;
            for (int c = 0; c < size.InputsPerGroup; c++)
                sum = Channel(
                    window,
                    x.AsSpan(start + c * window.InputPlane, window.InputPlane),
                    w.AsSpan(filter + c * window.Taps),
                    place,
                    sum
                );
            y[plane * window.OutputPlane + place] = sum;
        }
    }

    private static T Channel<T>(WindowGeometry window, ReadOnlySpan<T> x, ReadOnlySpan<T> w, int place, T sum)
        where T : unmanaged, INumber<T>
    {
        if (x.IsEmpty)
            return sum;
        var (row, column) = Math.DivRem(place, window.OutputWidth);
        for (int outer = 0; outer < window.OuterTaps; outer++)
        {
            int start = window.InputRows[outer * window.OutputRows + row];
            for (int tap = 0; tap < window.RowTaps && start >= 0; tap++)
            {
                int at = window.Column(column, tap);
                if (at >= 0 && at < window.InputWidth)
                    sum = ScalarProduct.MultiplyAdd(w[outer * window.RowTaps + tap], x[start + at], sum);
            }
        }
        return sum;
    }
}

/// <summary>
/// A transposed convolution by its definition, on any floating-point type: what <see cref="FoldedConvolution"/> must
/// equal, and the way for doubles.
/// </summary>
internal static class DirectTransposition
{
    /// <summary>
    /// Fills plane <paramref name="plane"/> (image · output channels + output channel) of <paramref name="y"/>.
    /// </summary>
    public static void Plane<T>(
        WindowGeometry window,
        ConvolutionSize size,
        T[] x,
        T[] w,
        T bias,
        T[] y,
        int plane,
        CancellationToken cancellation
    )
        where T : unmanaged, INumber<T>
    {
        var (image, channel) = Math.DivRem(plane, size.Outputs);
        var (group, filter) = Math.DivRem(channel, size.OutputsPerGroup);
        Span<T> to = y.AsSpan(plane * window.InputPlane, window.InputPlane);
        to.Fill(bias);
        for (int c = group * size.InputsPerGroup; c < (group + 1) * size.InputsPerGroup; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            Channel(
                window,
                x.AsSpan((image * size.Inputs + c) * window.OutputPlane, window.OutputPlane),
                w.AsSpan((c * size.OutputsPerGroup + filter) * window.Taps, window.Taps),
                to
            );
        }
    }

    private static void Channel<T>(WindowGeometry window, ReadOnlySpan<T> x, ReadOnlySpan<T> w, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        for (int place = 0; place < x.Length; place++)
        {
            var (row, column) = Math.DivRem(place, window.OutputWidth);
            for (int tap = 0; tap < w.Length; tap++)
            {
                int start = window.InputRows[tap / window.RowTaps * window.OutputRows + row],
                    at = window.Column(column, tap % window.RowTaps);
                if (start >= 0 && at >= 0 && at < window.InputWidth)
                    y[start + at] = ScalarProduct.MultiplyAdd(w[tap], x[place], y[start + at]);
            }
        }
    }
}

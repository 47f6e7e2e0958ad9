using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>The part of a window that lies on the image, for an output row or column.</summary>
/// <param name="First">The first input row or column.</param>
/// <param name="Count">How many taps.</param>
/// <param name="Padded">How many taps lie on the image or its padding.</param>
internal readonly record struct PoolWindow(int First, int Count, int Padded)
{
    /// <summary>The windows of all output rows (or columns).</summary>
    public static PoolWindow[] Along(int outputs, int inputs, int taps, int stride, int dilation, int before, int after)
    {
        var all = new PoolWindow[outputs];
        for (int o = 0; o < outputs; o++)
        {
            int start = o * stride - before, first = 0, count = 0, padded = 0;
            for (int t = 0; t < taps; t++)
            {
                int at = start + t * dilation;
                if (at < inputs + after) padded++;
                if (at < 0 || at >= inputs) continue;
                if (count++ == 0) first = at;
            }
            all[o] = new PoolWindow(first, count, padded);
        }
        return all;
    }

    /// <summary>The windows of all output rows of an image.</summary>
    public static PoolWindow[] Down(ImageWindow w, ImageView input, ImageView output) =>
        Along(output.Height, input.Height, w.Height, w.StrideY, w.DilationY, w.Padding.Top, w.Padding.Bottom);

    /// <summary>The windows of all output columns of an image.</summary>
    public static PoolWindow[] Across(ImageWindow w, ImageView input, ImageView output) =>
        Along(output.Width, input.Width, w.Width, w.StrideX, w.DilationX, w.Padding.Left, w.Padding.Right);
}

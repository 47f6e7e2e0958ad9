using Decant.Runtime.Memory;

namespace Decant.Runtime.Windows;

/// <summary>A window over the two axes of an image.</summary>
/// <param name="Height">Taps down.</param>
/// <param name="Width">Taps across.</param>
/// <param name="StrideY">Rows from an output to the next.</param>
/// <param name="StrideX">Columns from an output to the next.</param>
/// <param name="DilationY">Rows from a tap to the next.</param>
/// <param name="DilationX">Columns from a tap to the next.</param>
/// <param name="Padding">Zeros around the input.</param>
internal sealed record ImageWindow(
    int Height,
    int Width,
    int StrideY,
    int StrideX,
    int DilationY,
    int DilationX,
    Border Padding
)
{
    /// <summary>The window of a convolution with a weight of a shape; one axis is taken as a row.</summary>
    public static ImageWindow Of(Window window, Shape x, Shape weight) =>
        x.Rank == 3 ? Of(window, x, 1, weight[2]) : Of(window, x, weight[2], weight[3]);

    /// <summary>The window of an operator over inputs with one spatial axis or two.</summary>
    public static ImageWindow Of(Window window, Shape x, int height, int width)
    {
        int axes = x.Rank - 2,
            across = axes - 1;
        var (top, bottom, _) = axes == 2 ? window.Along(0, axes, height, x[2]) : default;
        var (left, right, _) = window.Along(across, axes, width, x[-1]);
        var padding = new Border(top, left, bottom, right);
        return axes == 2
            ? new ImageWindow(
                height,
                width,
                window.Stride(0),
                window.Stride(1),
                window.Dilation(0),
                window.Dilation(1),
                padding
            )
            : new ImageWindow(1, width, 1, window.Stride(0), 1, window.Dilation(0), padding);
    }

    /// <summary>Taps.</summary>
    public int Taps => Height * Width;

    /// <summary>Whether Winograd's F(4×4, 3×3) computes it.</summary>
    public bool IsWinograd => (Height, Width, StrideY, StrideX, DilationY, DilationX) == (3, 3, 1, 1, 1, 1);
}

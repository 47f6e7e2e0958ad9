namespace Decant.Runtime.Memory;

/// <summary>Images with channels last, and the border of zeros around each.</summary>
/// <param name="Images">How many.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Border">Rows and columns of zeros around.</param>
internal readonly record struct ImageForm(int Images, int Height, int Width, int Channels, Border Border)
{
    /// <summary>Floats of a row, border included.</summary>
    public long RowStride => (long)(Width + Border.Left + Border.Right) * Channels;

    /// <summary>Floats of an image, border included.</summary>
    public long ImageStride => (Height + Border.Top + Border.Bottom) * RowStride;

    /// <summary>Floats of all.</summary>
    public long Count => checked(Images * ImageStride);

    /// <summary>Where the first pixel lies.</summary>
    public long Origin => Border.Top * RowStride + (long)Border.Left * Channels;
}

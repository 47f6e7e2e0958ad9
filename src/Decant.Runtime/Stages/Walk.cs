using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A value as rows of numbers that lie together, so that element-wise stages need not know how it is laid out.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="View">The images; null where it is one stretch.</param>
/// <param name="RowLength">Numbers in a row.</param>
/// <param name="Rows">How many rows.</param>
internal sealed unsafe record Walk(PlanBuffer Buffer, ImageView? View, int RowLength, int Rows)
{
    /// <summary>A value in one stretch, cut into rows.</summary>
    public static Walk Of(PlanBuffer buffer, int rowLength) =>
        new(buffer, null, rowLength, rowLength == 0 ? 0 : checked((int)(buffer.Count / rowLength)));

    /// <summary>Images: a row is all channels of a row of pixels, or of a single pixel.</summary>
    public static Walk Of(ImageView view, bool byPixel) => byPixel
        ? new Walk(view.Buffer, view, view.Channels, checked(view.Images * view.Height * view.Width))
        : new Walk(view.Buffer, view, view.Width * view.Channels, view.Images * view.Height);

    /// <summary>Where a row begins, once the buffer has its address.</summary>
    public float* Row(int row)
    {
        if (View is null) return Buffer.Address + (nint)row * RowLength;
        bool byPixel = Rows != View.Images * View.Height;
        (row, int x) = byPixel ? Math.DivRem(row, View.Width) : (row, 0);
        var (image, y) = Math.DivRem(row, View.Height);
        return View.Address + (nint)image * View.ImageStride + View.At(y, x);
    }
}

using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Data;

/// <summary>
/// Brings images C×H×W to a size, one after the other; keeps the tables of the last size. One thread at a time.
/// </summary>
/// <param name="sizing">What is done.</param>
internal sealed class ImageResampler(ImageSizing sizing)
{
    private ImageSize from;
    private ResampleTable? rows,
        columns;
    private float[] plane = [],
        narrowed = [],
        pixelsMade = [];

    /// <summary>Resizes and crops pixels of bytes, rounded to the nearest.</summary>
    /// <param name="image">C×H×W.</param>
    /// <param name="size">H and W.</param>
    /// <param name="to">Gets the image in its new size.</param>
    /// <exception cref="DataException">The crop is larger than the image.</exception>
    public void Apply(ReadOnlySpan<byte> image, ImageSize size, Span<byte> to)
    {
        ImageSize made = sizing.Of(size);
        int pixels = size.Height * size.Width,
            kept = made.Height * made.Width;
        if (pixelsMade.Length < kept)
            pixelsMade = new float[kept];
        Span<float> resized = pixelsMade.AsSpan(0, kept);
        for (int c = 0; c * kept < to.Length; c++)
        {
            Reserve(pixels);
            for (int i = 0; i < pixels; i++)
                plane[i] = image[c * pixels + i];
            Resample(size, resized);
            for (int i = 0; i < kept; i++)
                to[c * kept + i] = (byte)Math.Clamp(MathF.Floor(resized[i] + 0.5f), 0, 255);
        }
    }

    /// <summary>As the other overload, for floats, which are not rounded.</summary>
    /// <exception cref="DataException">The crop is larger than the image.</exception>
    public void Apply(ReadOnlySpan<float> image, ImageSize size, Span<float> to)
    {
        ImageSize made = sizing.Of(size);
        int pixels = size.Height * size.Width,
            kept = made.Height * made.Width;
        for (int c = 0; c * kept < to.Length; c++)
        {
            Reserve(pixels);
            image.Slice(c * pixels, pixels).CopyTo(plane);
            Resample(size, to.Slice(c * kept, kept));
        }
    }

    private void Reserve(int pixels)
    {
        if (plane.Length < pixels)
            plane = new float[pixels];
    }

    /// <summary>Resizes the plane, first along rows, then along columns, as far as the crop needs it.</summary>
    private void Resample(ImageSize size, Span<float> to)
    {
        ImageSize resized = sizing.Resized(size),
            made = sizing.Of(size);
        Prepare(size, resized);
        int top = (resized.Height - made.Height) / 2,
            left = (resized.Width - made.Width) / 2;
        if (narrowed.Length < size.Height * made.Width)
            narrowed = new float[size.Height * made.Width];
        for (int y = 0; y < size.Height; y++)
        for (int x = 0; x < made.Width; x++)
            narrowed[y * made.Width + x] = Sum(columns!, left + x, plane, y * size.Width, 1);
        for (int y = 0; y < made.Height; y++)
        for (int x = 0; x < made.Width; x++)
            to[y * made.Width + x] = Sum(rows!, top + y, narrowed, x, made.Width);
    }

    private static float Sum(ResampleTable table, int output, float[] values, int first, int stride)
    {
        ReadOnlySpan<int> indices = table.Indices.Slice(output * table.Taps, table.Taps);
        ReadOnlySpan<double> weights = table.Weights.Slice(output * table.Taps, table.Taps);
        double sum = 0;
        for (int t = 0; t < indices.Length; t++)
            sum += weights[t] * values[first + indices[t] * stride];
        return (float)sum;
    }

    private void Prepare(ImageSize size, ImageSize resized)
    {
        if (rows is not null && from == size)
            return;
        Resampling sampling = new(
            sizing.Filter switch
            {
                ImageFilter.Nearest => "nearest",
                ImageFilter.Bicubic => "cubic",
                _ => "linear",
            },
            "half_pixel",
            "round_prefer_ceil",
            CubicA: -0.5,
            Antialias: true,
            ExcludesOutside: true
        );
        ResampleTable Table(int before, int after) =>
            sampling.Table(new ResizeAxis(0, before, after, (double)after / before));
        (rows, columns) = (Table(size.Height, resized.Height), Table(size.Width, resized.Width));
        from = size;
    }
}

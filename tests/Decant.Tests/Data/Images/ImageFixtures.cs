using SkiaSharp;

namespace Decant.Tests.Data.Images;

/// <summary>Small images as files of several kinds.</summary>
internal static class ImageFixtures
{
    /// <summary>The colour of a pixel of the test picture.</summary>
    public static (byte R, byte G, byte B) Pixel(int y, int x) =>
        ((byte)(10 * y), (byte)(20 * x), (byte)(255 - 7 * x - 3 * y));

    /// <summary>A picture encoded; PNG and BMP keep it exactly.</summary>
    public static byte[] Encoded(int height, int width, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            var (r, g, b) = Pixel(y, x);
            bitmap.SetPixel(x, y, new SKColor(r, g, b));
        }
        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>The picture as a bitmap file written byte by byte: 24 bits a pixel, rows from the bottom.</summary>
    public static byte[] Bitmap(int height, int width)
    {
        int row = (3 * width + 3) / 4 * 4;
        var bytes = new byte[54 + row * height];
        using var writer = new BinaryWriter(new MemoryStream(bytes));
        writer.Write("BM"u8);
        writer.Write(bytes.Length);
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write((short)24);
        for (int y = height - 1; y >= 0; y--)
        for (int x = 0; x < width; x++)
        {
            var (r, g, b) = Pixel(y, x);
            int at = 54 + (height - 1 - y) * row + 3 * x;
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (b, g, r);
        }
        return bytes;
    }

    /// <summary>The picture as a source reads it: C×H×W.</summary>
    public static byte[] Planes(int height, int width)
    {
        var planes = new byte[3 * height * width];
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            var (r, g, b) = Pixel(y, x);
            int at = y * width + x,
                plane = height * width;
            (planes[at], planes[plane + at], planes[2 * plane + at]) = (r, g, b);
        }
        return planes;
    }
}

using Decant.Core;
using SkiaSharp;

namespace Decant.Data;

/// <summary>
/// Decodes JPEG, PNG, WebP and BMP files to pixels, as they are stored: no rotation, no colour profile.
/// </summary>
internal static class ImageDecoder
{
    private const int LargestImage = 1 << 26;

    /// <summary>Whether a file's name is that of an image.</summary>
    public static bool IsOne(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp" or ".bmp";

    /// <summary>The size that a file's header says, and whether it has colours.</summary>
    /// <exception cref="DataException">It is no image, or too large; the file is named.</exception>
    public static (ImageSize Size, bool HasColour) Measure(string path)
    {
        using SKCodec codec = Open(path);
        return (SizeOf(codec, path), codec.Info.ColorType != SKColorType.Gray8);
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">3 for red, green and blue; 1 for grey: 0.299, 0.587 and 0.114 of them.</param>
    /// <param name="size">Its height and width.</param>
    /// <returns>channels × height × width bytes.</returns>
    /// <exception cref="DataException">It cannot be decoded, or is too large; the file is named.</exception>
    public static byte[] Decode(string path, int channels, out ImageSize size)
    {
        using SKCodec codec = Open(path);
        size = SizeOf(codec, path);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var pixels = new byte[(long)size.Height * size.Width * 4];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* at = pixels)
                result = codec.GetPixels(info, (nint)at, size.Width * 4, new SKCodecOptions(SKZeroInitialized.Yes));
        }
        if (result != SKCodecResult.Success)
            throw new DataException(
                $"{path} cannot be decoded: "
                    + (result == SKCodecResult.IncompleteInput ? "the file is truncated" : $"it is damaged ({result})")
            );
        return channels == 1 ? Grey(pixels) : Planar(pixels);
    }

    private static SKCodec Open(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"there is no image {path}");
        try
        {
            if (SKCodec.Create(path, out SKCodecResult result) is { } codec)
                return codec;
            File.OpenRead(path).Dispose();
            throw new DataException($"{path} cannot be decoded: it is no JPEG, PNG, WebP or BMP ({result})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            throw new DataException($"images cannot be decoded on this machine: {e.Message}", e);
        }
    }

    private static ImageSize SizeOf(SKCodec codec, string path)
    {
        var size = new ImageSize(codec.Info.Height, codec.Info.Width);
        if (size.Height < 1 || size.Width < 1)
            throw new DataException($"{path} is an image of {size}, without pixels");
        return (long)size.Height * size.Width <= LargestImage && Math.Max(size.Height, size.Width) <= ImageSize.Largest
            ? size
            : throw new DataException($"{path} is an image of {size}; at most {LargestImage} pixels are decoded");
    }

    private static byte[] Planar(byte[] pixels)
    {
        int count = pixels.Length / 4;
        var planes = new byte[3 * count];
        for (int i = 0; i < count; i++)
        {
            planes[i] = pixels[4 * i];
            planes[count + i] = pixels[4 * i + 1];
            planes[2 * count + i] = pixels[4 * i + 2];
        }
        return planes;
    }

    private static byte[] Grey(byte[] pixels)
    {
        var grey = new byte[pixels.Length / 4];
        for (int i = 0; i < grey.Length; i++)
            grey[i] = (byte)((299 * pixels[4 * i] + 587 * pixels[4 * i + 1] + 114 * pixels[4 * i + 2] + 500) / 1000);
        return grey;
    }
}

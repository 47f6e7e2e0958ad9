using System.Globalization;
using Decant.Core;

namespace Decant.Data;

/// <summary>The extents of an image in pixels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>The largest extent that an image may have.</summary>
    internal const int Largest = 1 << 16;

    /// <summary>Reads HEIGHTxWIDTH; one number is both.</summary>
    /// <exception cref="DataException">It is neither.</exception>
    public static ImageSize Parse(string text)
    {
        string[] parts = text.Split('x', '×');
        return parts.Length is 1 or 2 && ExtentOf(parts[0]) is { } height && ExtentOf(parts[^1]) is { } width
            ? new(height, width)
            : throw new DataException($"'{text}' is no size of an image; HEIGHTxWIDTH, such as 240x320, would work");
    }

    /// <summary>HEIGHTxWIDTH.</summary>
    public override string ToString() => $"{Height}x{Width}";

    private static int? ExtentOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int extent)
        && extent is > 0 and <= Largest
            ? extent
            : null;
}

/// <summary>How an image is resized.</summary>
public enum ImageFilter
{
    /// <summary>Linear interpolation; where the image shrinks, a triangle as wide as what a pixel covers.</summary>
    Bilinear,

    /// <summary>Cubic convolution with a = -0.5, as wide as what a pixel covers.</summary>
    Bicubic,

    /// <summary>The nearest pixel.</summary>
    Nearest,
}

/// <summary>
/// How images are brought to a size: resized, then cropped at their centre. Filters are as wide as what a pixel covers,
/// so that nothing aliases, and count only pixels inside the image.
/// </summary>
public sealed record ImageSizing
{
    /// <summary>Images as they are.</summary>
    public static ImageSizing None { get; } = new();

    /// <summary>
    /// The length of the shorter side after resizing; the other follows, rounded down. Null for not so.
    /// </summary>
    public int? ShorterSide { get; init; }

    /// <summary>The size to which an image is resized, whatever its aspect ratio; null for not so.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>The size of the part at the centre that remains; null for all.</summary>
    public ImageSize? Crop { get; init; }

    /// <summary>How pixels are computed.</summary>
    public ImageFilter Filter { get; init; }

    /// <summary>Whether images are left as they are.</summary>
    public bool IsNone => ShorterSide is null && Size is null && Crop is null;

    /// <summary>With what is written as 256, the shorter side, or 240x320, a height and a width.</summary>
    /// <exception cref="DataException">It is no size.</exception>
    public ImageSizing ResizedTo(string text)
    {
        ImageSize size = ImageSize.Parse(text);
        return text.Contains('x') || text.Contains('×')
            ? this with
            {
                Size = size,
                ShorterSide = null,
            }
            : this with
            {
                Size = null,
                ShorterSide = size.Height,
            };
    }

    /// <summary>Reads what <see cref="ToText"/> writes.</summary>
    /// <exception cref="DataException">A key or value is not understood; it is named.</exception>
    public static ImageSizing Parse(string text)
    {
        ImageSizing sizing = None;
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            sizing = part.Split('=', 2) switch
            {
                ["resize", var size] => sizing.ResizedTo(size),
                ["crop", var size] => sizing with { Crop = ImageSize.Parse(size) },
                ["filter", var name] when Enum.TryParse(name, ignoreCase: true, out ImageFilter filter) => sizing with
                {
                    Filter = filter,
                },
                _ => throw new DataException($"image size: '{part}' is not known; known are resize, crop and filter"),
            };
        return sizing;
    }

    /// <summary>A stable text: resize=256;crop=224x224;filter=bicubic.</summary>
    public string ToText()
    {
        var parts = new List<string>();
        if (ShorterSide is { } side)
            parts.Add($"resize={side}");
        if (Size is { } size)
            parts.Add($"resize={size}");
        if (Crop is { } crop)
            parts.Add($"crop={crop}");
        if (Filter != ImageFilter.Bilinear)
            parts.Add($"filter={Filter.ToString().ToLowerInvariant()}");
        return string.Join(';', parts);
    }

    /// <summary>The size that an image has after resizing, before it is cropped.</summary>
    /// <exception cref="DataException">It is too large.</exception>
    public ImageSize Resized(ImageSize image)
    {
        if (Size is { } size)
            return size;
        if (ShorterSide is not { } side)
            return image;
        long shorter = Math.Min(image.Height, image.Width),
            longer = (long)side * Math.Max(image.Height, image.Width) / shorter;
        if (longer > ImageSize.Largest)
            throw new DataException($"an image of {image} is {longer} pixels long where its shorter side is {side}");
        return image.Height <= image.Width ? new(side, (int)longer) : new((int)longer, side);
    }

    /// <summary>The size that an image has in the end.</summary>
    /// <exception cref="DataException">The crop is larger than the image.</exception>
    public ImageSize Of(ImageSize image)
    {
        ImageSize resized = Resized(image);
        if (Crop is not { } crop)
            return resized;
        return crop.Height <= resized.Height && crop.Width <= resized.Width
            ? crop
            : throw new DataException($"a crop of {crop} is larger than an image of {resized}");
    }

    /// <summary>What is done, in words: resized to 256 (the shorter side), cropped to 224x224.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (ShorterSide is { } side)
            parts.Add($"resized to {side} (the shorter side)");
        if (Size is { } size)
            parts.Add($"resized to {size}");
        if (parts.Count > 0 && Filter != ImageFilter.Bilinear)
            parts[0] += $" by the {Filter.ToString().ToLowerInvariant()} filter";
        if (Crop is { } crop)
            parts.Add($"cropped to {crop}");
        return parts.Count == 0 ? "as they are" : string.Join(", ", parts);
    }
}

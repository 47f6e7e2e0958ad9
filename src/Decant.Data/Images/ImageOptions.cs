using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Data;

/// <summary>How images are opened.</summary>
public sealed record ImageOptions
{
    /// <summary>How they are brought to the network's size.</summary>
    public ImageSizing Sizing { get; init; } = ImageSizing.None;

    /// <summary>
    /// Whether images in arrays that have the network's size already are left as they are: those have been resized.
    /// </summary>
    public bool LeavesFittingArrays { get; init; }

    /// <summary>
    /// Whether files that cannot be decoded are skipped and counted, for which each is decoded once when the source is
    /// opened.
    /// </summary>
    public bool SkipsUnreadable { get; init; }

    /// <summary>What the network takes.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.None;
}

/// <summary>What a network takes as images: channels, height and width, each as far as it is known.</summary>
public sealed record ImageLimits
{
    /// <summary>Nothing is known.</summary>
    public static ImageLimits None { get; } = new();

    /// <summary>The input's name; empty where no input takes images.</summary>
    public string Input { get; init; } = "";

    /// <summary>How many channels; null if not known.</summary>
    public int? Channels { get; init; }

    /// <summary>How many rows; null if any.</summary>
    public int? Height { get; init; }

    /// <summary>How many columns; null if any.</summary>
    public int? Width { get; init; }

    /// <summary>Height and width, where both are known.</summary>
    public ImageSize? Size => Height is { } height && Width is { } width ? new(height, width) : null;

    /// <summary>
    /// What a network's inputs say: the first of four axes with one or three channels, which come before height and
    /// width, or after them.
    /// </summary>
    public static ImageLimits Of(ImmutableArray<ValueInfo> inputs)
    {
        foreach (ValueInfo input in inputs)
        {
            if (input.Type.Shape is not { Rank: 4 } shape)
                continue;
            int channels =
                shape[1] is 1 or 3 ? 1
                : shape[3] is 1 or 3 ? 3
                : 0;
            if (channels == 0)
                continue;
            int first = channels == 1 ? 2 : 1;
            return new ImageLimits
            {
                Input = input.Name,
                Channels = shape[channels],
                Height = Known(shape[first]),
                Width = Known(shape[first + 1]),
            };
        }
        return None;
    }

    /// <summary>Checks that images of a source have the size that the network takes.</summary>
    /// <exception cref="ImageSizeException">They have another; both are named.</exception>
    internal void Check(IDataSource data)
    {
        if (Misfit(data) is { } size)
            throw new ImageSizeException(
                $"images of '{data.Name}' are {size} (height x width), and input '{Input}' takes "
                    + $"{TextOf(Height)}x{TextOf(Width)}: they must be resized",
                new ImageSize(Height ?? size.Height, Width ?? size.Width)
            );
    }

    /// <summary>The size of images of a source, if it is not that which the network takes; else null.</summary>
    internal ImageSize? Misfit(IDataSource data)
    {
        foreach (DataField field in data.Inputs)
        {
            bool isOther = data.Inputs.Length > 1 && field.Name != Input;
            if (isOther || !field.IsImage || field.Shape.Rank != 3 || field.Shape[0] != Channels)
                continue;
            var size = new ImageSize(field.Shape[1], field.Shape[2]);
            if ((Height ?? size.Height) != size.Height || (Width ?? size.Width) != size.Width)
                return size;
        }
        return null;
    }

    private static string TextOf(int? extent) => extent?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static int? Known(int extent) => extent > 0 ? extent : null;
}

/// <summary>Images have another size than the network takes, or sizes of their own.</summary>
/// <param name="message">What sizes, in one line.</param>
/// <param name="wanted">The size that would work; null if that is not known.</param>
public sealed class ImageSizeException(string message, ImageSize? wanted) : DecantException(message)
{
    /// <summary>The size that would work; null if that is not known.</summary>
    public ImageSize? Wanted { get; } = wanted;
}

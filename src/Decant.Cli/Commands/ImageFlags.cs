using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;

namespace Decant.Cli.Commands;

/// <summary>The flags that say how images are opened, brought to a size, and preprocessed.</summary>
internal sealed class ImageFlags
{
    private readonly Option<string?> resize = new("--resize")
    {
        Description = "resizes images: 256, the shorter side; or 240x320, height x width, whatever their aspect ratio",
    };
    private readonly Option<string?> crop = new("--crop")
    {
        Description = "then crops images at their centre: 224, or 224x320, height x width",
    };
    private readonly Option<bool> skip = new("--skip-unreadable")
    {
        Description = "skips images that cannot be decoded, and counts them",
    };
    private readonly Option<string?> file = new("--preprocessing")
    {
        Description =
            "a preprocessor_config.json (size, crop_size, resample, rescale_factor, image_mean, image_std …); "
            + "one beside the model is read without",
    };
    private readonly Option<string?> scale = new("--scale")
    {
        Description = "pixel factor, such as 1/255: x = (pixel × scale − mean) / std",
    };
    private readonly Option<string?> mean = new("--mean") { Description = "mean after scaling: one value or r,g,b" };
    private readonly Option<string?> std = new("--std")
    {
        Description = "standard deviation after scaling: one value or r,g,b",
    };
    private readonly Option<string?> channels = new("--channels") { Description = "rgb or bgr" };

    public ImageFlags(Command command)
    {
        foreach (Option option in new Option[] { resize, crop, skip, file, scale, mean, std, channels })
            command.Options.Add(option);
    }

    private Option<string?>[] Pixels => [scale, mean, std, channels];

    /// <summary>How images are opened for a network.</summary>
    /// <exception cref="DataException">A size is none, or the preprocessing file is not understood.</exception>
    public ImageOptions Read(ParseResult parsed, Network network)
    {
        ImageSizing said = parsed.GetValue(file) is { } path
                ? PreprocessorConfig.Read(path).Sizing
                : Preprocessings.SizingOf(network),
            asked = ImageSizing.None;
        if (parsed.GetValue(resize) is { } size)
            asked = asked.ResizedTo(size);
        if (parsed.GetValue(crop) is { } cropped)
            asked = asked with { Crop = ImageSize.Parse(cropped) };
        return new ImageOptions
        {
            Sizing = asked.IsNone ? said : asked,
            LeavesFittingArrays = asked.IsNone,
            SkipsUnreadable = parsed.GetValue(skip),
            Limits = ImageLimits.Of(network.Inputs),
        };
    }

    /// <summary>The preprocessing that the flags or the file give; null if nothing is given.</summary>
    /// <exception cref="UsageException">Both give one.</exception>
    public Preprocessing? Preprocessing(ParseResult parsed)
    {
        var parts = new List<string>();
        foreach (Option<string?> option in Pixels)
            if (parsed.GetValue(option) is { } value)
                parts.Add($"{option.Name[2..]}={value}");
        if (parsed.GetValue(file) is not { } path)
            return parts.Count == 0 ? null : Decant.Data.Preprocessing.Parse(string.Join(';', parts));
        return parts.Count == 0
            ? PreprocessorConfig.Read(path).Preprocessing
            : throw new UsageException(
                $"{file.Name} {path} says what is done to pixels, and so does --{parts[0].Split('=')[0]}: give one"
            );
    }

    /// <summary>Refuses flags that say something of images where there are none.</summary>
    /// <exception cref="DataException">One is given; it is named.</exception>
    public void CheckNeeded(ParseResult parsed, IDataSource data)
    {
        bool hasPlanes = data.Inputs.Any(i => i.Shape.Rank == 3);
        Option<string?>[] sizes = hasPlanes ? [] : [resize, crop];
        foreach (Option<string?> flag in data.Inputs.Any(i => i.IsImage) ? [] : (Option<string?>[])[.. Pixels, file])
            if (parsed.GetValue(flag) is not null)
                throw new DataException(
                    $"{flag.Name} says what is done to pixels, and data set '{data.Name}' has none; leave it out"
                );
        foreach (Option<string?> flag in sizes)
            if (parsed.GetValue(flag) is not null)
                throw new DataException(
                    $"{flag.Name} says what size images get, and data set '{data.Name}' has none; leave it out"
                );
    }

    /// <summary>What is wrong with the size of images, and the flags that would work.</summary>
    public DataException Advised(ImageSizeException e) =>
        new(
            $"{e.Message}; "
                + (
                    e.Wanted is { } size
                        ? $"{resize.Name} {size} would work, or {resize.Name} "
                            + $"{Math.Max(size.Height, size.Width)} {crop.Name} {size}, which keeps proportions"
                        : $"{resize.Name} 240x320 would work, or {resize.Name} 256 {crop.Name} 224"
                ),
            e
        );
}

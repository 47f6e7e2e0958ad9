using System.Collections.Immutable;
using System.Text.Json;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// What a preprocessor_config.json of Hugging Face says: how images are brought to a size, and what is done to pixels.
/// </summary>
public sealed class PreprocessorConfig
{
    /// <summary>The name that such files have beside a model.</summary>
    public const string FileName = "preprocessor_config.json";

    private const long LargestFile = 1 << 20;

    // What the library behind such files resizes to before it crops, where it is said as a share.
    private const int CroppedBelow = 384;

    private readonly string path;
    private readonly JsonElement root;

    private PreprocessorConfig(string path, JsonElement root)
    {
        (this.path, this.root) = (path, root);
        Sizing = ReadSizing();
        Preprocessing = ReadPreprocessing().Validated();
    }

    /// <summary>How images are brought to a size.</summary>
    public ImageSizing Sizing { get; }

    /// <summary>What is done to pixels.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It cannot be read, or a key has a value that is not understood; it is
    /// named.</exception>
    public static PreprocessorConfig Read(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"there is no preprocessing file {path}");
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw new DataException($"{path} has more than {LargestFile} bytes: it is no preprocessing file");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new PreprocessorConfig(path, document.RootElement)
                : throw new DataException($"{path}: an object is expected, with keys such as size and image_mean");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path} is no JSON ({e.Message.ReplaceLineEndings(" ")})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
    }

    private ImageSizing ReadSizing()
    {
        ImageSizing sizing = Flag("do_resize", true) ? Resizing() : ImageSizing.None;
        if (Flag("do_center_crop", false))
            sizing = sizing with { Crop = CropSize("crop_size") ?? CropSize("size") };
        return sizing with { Filter = sizing.IsNone ? ImageFilter.Bilinear : Filter() };
    }

    private ImageSizing Resizing()
    {
        if (Value("size") is not { } size)
            return ImageSizing.None;
        if (size.ValueKind == JsonValueKind.Number)
        {
            int side = Extent(size, "size");
            return Flag("do_center_crop", false)
                ? new ImageSizing { ShorterSide = side }
                : new ImageSizing { Size = new(side, side) };
        }
        if (SizeOf(size, "size") is { } both)
            return new ImageSizing { Size = both };
        if (!size.TryGetProperty("shortest_edge", out JsonElement edge) || size.TryGetProperty("longest_edge", out _))
            throw Wrong("size", size, "height and width, or shortest_edge, are understood");
        int shorter = Extent(edge, "size.shortest_edge");
        if (Value("crop_pct") is not { } share)
            return new ImageSizing { ShorterSide = shorter };
        if (shorter >= CroppedBelow)
            return new ImageSizing { Size = new(shorter, shorter) };
        double ratio = Number(share, "crop_pct");
        return ratio is > 0 and <= 1
            ? new ImageSizing { ShorterSide = (int)(shorter / ratio), Crop = new(shorter, shorter) }
            : throw Wrong("crop_pct", share, "a share above 0 is expected");
    }

    private Preprocessing ReadPreprocessing()
    {
        bool isNormalized = Flag("do_normalize", Value("image_mean") is not null);
        return new Preprocessing
        {
            Scale =
                !Flag("do_rescale", true) ? 1
                : Value("rescale_factor") is { } factor ? (float)Number(factor, "rescale_factor")
                : 1f / 255,
            Mean = isNormalized ? Numbers("image_mean", 0) : [0],
            Std = isNormalized ? Numbers("image_std", 1) : [1],
            Channels = Flag("do_flip_channel_order", false) ? ChannelOrder.Bgr : ChannelOrder.Rgb,
        };
    }

    private ImageFilter Filter() =>
        Value("resample") is not { } resample
            ? ImageFilter.Bilinear
            : resample.ToString() switch
            {
                "0" => ImageFilter.Nearest,
                "2" => ImageFilter.Bilinear,
                "3" => ImageFilter.Bicubic,
                _ => throw Wrong("resample", resample, "0 (nearest), 2 (bilinear) and 3 (bicubic) are known"),
            };

    private ImageSize? CropSize(string key)
    {
        if (Value(key) is not { } size)
            return null;
        if (size.ValueKind != JsonValueKind.Number)
            return SizeOf(size, key) ?? throw Wrong(key, size, "a number, or height and width, are understood");
        int side = Extent(size, key);
        return new(side, side);
    }

    private ImageSize? SizeOf(JsonElement size, string key)
    {
        if (size.ValueKind != JsonValueKind.Object)
            throw Wrong(key, size, "a number or an object is expected");
        return
            size.TryGetProperty("height", out JsonElement height) && size.TryGetProperty("width", out JsonElement width)
            ? new(Extent(height, key + ".height"), Extent(width, key + ".width"))
            : null;
    }

    private int Extent(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int extent)
        && extent is > 0 and <= ImageSize.Largest
            ? extent
            : throw Wrong(key, value, "a whole number of pixels is expected");

    private double Number(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? number
            : throw Wrong(key, value, "a number is expected");

    private ImmutableArray<float> Numbers(string key, float otherwise) =>
        Value(key) switch
        {
            null => [otherwise],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(v => (float)Number(v, key))],
            { } one => [(float)Number(one, key)],
        };

    private bool Flag(string key, bool otherwise) =>
        Value(key) switch
        {
            null => otherwise,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { } other => throw Wrong(key, other, "true or false is expected"),
        };

    private JsonElement? Value(string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private DataException Wrong(string key, JsonElement value, string what) =>
        new($"{path}: {key} is {value.GetRawText().ReplaceLineEndings(" ")}; {what}");
}

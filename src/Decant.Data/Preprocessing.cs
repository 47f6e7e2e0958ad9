using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Preprocessing of pixels into a network's input: x = (pixel × scale − mean) / std, each operation rounded to
/// float32.
/// It belongs to the data and the network together, not to the network's graph.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Pixels as they are.</summary>
    public static Preprocessing None { get; } = new();

    /// <summary>What each pixel is multiplied by.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>
    /// What is subtracted, in the network's channel order: one value for each channel, or one for all.
    /// </summary>
    public ImmutableArray<float> Mean { get; init; } = [0];

    /// <summary>
    /// What is divided by, in the network's channel order: one value for each channel, or one for all.
    /// </summary>
    public ImmutableArray<float> Std { get; init; } = [1];

    /// <summary>The network's channel order.</summary>
    public ChannelOrder Channels { get; init; }

    /// <summary>Checks the numbers by themselves.</summary>
    /// <exception cref="DataException">Scale, a mean or a std is not finite, scale or a std is 0, or there is
    /// none.</exception>
    public Preprocessing Validated()
    {
        if (!float.IsFinite(Scale) || Scale == 0)
            throw new DataException($"preprocessing: scale is {Text(Scale)}; it must be a number other than 0");
        if (Mean.IsDefaultOrEmpty || Std.IsDefaultOrEmpty)
            throw new DataException("preprocessing: mean and std need at least one value each");
        if (!Mean.All(float.IsFinite))
            throw new DataException($"preprocessing: mean is {Text(Mean)}; every value must be finite");
        if (!Std.All(s => float.IsFinite(s) && s > 0))
            throw new DataException($"preprocessing: std is {Text(Std)}; every value must be above 0");
        return this;
    }

    /// <summary>Checks that this fits images of a shape.</summary>
    /// <param name="image">C×H×W or F.</param>
    /// <exception cref="DataException">The means or stds are neither one nor one a channel, or BGR is asked of images
    /// without three channels.</exception>
    public void CheckFits(Shape image)
    {
        Validated();
        int channels = ChannelsOf(image);
        if (Mean.Length != 1 && Mean.Length != channels)
            throw new DataException(
                $"preprocessing: {Mean.Length} means for images {image} with {channels} channel(s)"
            );
        if (Std.Length != 1 && Std.Length != channels)
            throw new DataException($"preprocessing: {Std.Length} stds for images {image} with {channels} channel(s)");
        if (Channels == ChannelOrder.Bgr && channels != 3)
            throw new DataException($"preprocessing: channels=bgr needs images of 3 channels, these are {image}");
    }

    /// <summary>Computes a network's input from one image.</summary>
    /// <param name="image">Pixels, row-major, channels red, green, blue.</param>
    /// <param name="shape">C×H×W or F.</param>
    /// <param name="destination">Gets as many numbers; what lies beyond them is left.</param>
    /// <exception cref="DataException">This does not fit the shape.</exception>
    public void Apply(ReadOnlySpan<byte> image, Shape shape, Span<float> destination)
    {
        CheckFits(shape);
        ApplyFitting(image, shape, destination);
    }

    /// <summary>As the other overload, for pixels that are floats already. The spans must not overlap.</summary>
    /// <exception cref="DataException">This does not fit the shape.</exception>
    public void Apply(ReadOnlySpan<float> image, Shape shape, Span<float> destination)
    {
        CheckFits(shape);
        ApplyFitting(image, shape, destination);
    }

    /// <summary>
    /// Reads what <see cref="ToString"/> writes. Keys may be left out or come in any order; scale may be a fraction.
    /// </summary>
    /// <exception cref="DataException">A key or value is not understood; it is named.</exception>
    public static Preprocessing Parse(string text) => PreprocessingText.Parse(text);

    /// <summary>A stable text: scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225;channels=rgb.</summary>
    public override string ToString() =>
        $"scale={PreprocessingText.Fraction(Scale)};mean={Text(Mean)};std={Text(Std)};"
        + $"channels={(Channels == ChannelOrder.Bgr ? "bgr" : "rgb")}";

    /// <summary>Equal if every number is.</summary>
    public bool Equals(Preprocessing? other) =>
        other is not null
        && Scale == other.Scale
        && Channels == other.Channels
        && Mean.AsSpan().SequenceEqual(other.Mean.AsSpan())
        && Std.AsSpan().SequenceEqual(other.Std.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scale, Mean[0], Std[0], Channels);

    /// <summary>
    /// As <see cref="Apply(ReadOnlySpan{byte}, Shape, Span{float})"/>, after <see cref="CheckFits"/>.
    /// </summary>
    internal void ApplyFitting(ReadOnlySpan<byte> image, Shape shape, Span<float> destination)
    {
        for (int c = 0, n = PlaneOf(shape, image.Length); c < ChannelsOf(shape); c++)
            NormalizationKernel.Apply(
                image.Slice(SourceChannel(c) * n, n),
                destination.Slice(c * n, n),
                Scale,
                MeanOf(c),
                StdOf(c)
            );
    }

    /// <summary>
    /// As <see cref="Apply(ReadOnlySpan{float}, Shape, Span{float})"/>, after <see cref="CheckFits"/>.
    /// </summary>
    internal void ApplyFitting(ReadOnlySpan<float> image, Shape shape, Span<float> destination)
    {
        for (int c = 0, n = PlaneOf(shape, image.Length); c < ChannelsOf(shape); c++)
            NormalizationKernel.Apply(
                image.Slice(SourceChannel(c) * n, n),
                destination.Slice(c * n, n),
                Scale,
                MeanOf(c),
                StdOf(c)
            );
    }

    /// <summary>What is subtracted of one of the network's channels.</summary>
    public float MeanOf(int channel) => Mean.Length == 1 ? Mean[0] : Mean[channel];

    /// <summary>What one of the network's channels is divided by.</summary>
    public float StdOf(int channel) => Std.Length == 1 ? Std[0] : Std[channel];

    /// <summary>The channel of the image that makes one of the network's, and the other way round.</summary>
    public int SourceChannel(int channel) => Channels == ChannelOrder.Bgr ? 2 - channel : channel;

    /// <summary>The channels of an image C×H×W; 1 for F features.</summary>
    public static int ChannelsOf(Shape image) => image.Rank == 3 ? image[0] : 1;

    private static int PlaneOf(Shape shape, int length) =>
        length == shape.Count
            ? length / ChannelsOf(shape)
            : throw new DataException($"preprocessing: {length} pixels are not an image of shape {shape}");

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(ImmutableArray<float> values) => string.Join(',', values.Select(Text));
}

/// <summary>The text form of <see cref="Preprocessing"/>.</summary>
internal static class PreprocessingText
{
    public static Preprocessing Parse(string text)
    {
        var result = Preprocessing.None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2)
                throw new DataException($"preprocessing: '{part}' is not key=value");
            if (!seen.Add(pair[0]))
                throw new DataException($"preprocessing: '{pair[0]}' is given twice");
            result = With(result, pair[0], pair[1]);
        }
        return result.Validated();
    }

    /// <summary>1/n where that is the number exactly, since people write and recognize 1/255.</summary>
    public static string Fraction(float value)
    {
        float whole = MathF.Round(1 / value);
        return whole is > 1 and < 1 << 24 && 1 / whole == value
            ? $"1/{(int)whole}"
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static Preprocessing With(Preprocessing p, string key, string value) =>
        key switch
        {
            "scale" => p with { Scale = Number(key, value) },
            "mean" => p with { Mean = Numbers(key, value) },
            "std" => p with { Std = Numbers(key, value) },
            "channels" => p with { Channels = Order(value) },
            _ => throw new DataException($"preprocessing: '{key}' is not known; known are scale, mean, std, channels"),
        };

    private static ChannelOrder Order(string value) =>
        value switch
        {
            "rgb" => ChannelOrder.Rgb,
            "bgr" => ChannelOrder.Bgr,
            _ => throw new DataException($"preprocessing: channels is '{value}'; rgb and bgr are known"),
        };

    private static ImmutableArray<float> Numbers(string key, string value) =>
        [.. value.Split(',').Select(v => Number(key, v))];

    private static float Number(string key, string value)
    {
        string[] parts = value.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length == 1 && TryRead(parts[0], out float number))
            return number;
        if (parts.Length == 2 && TryRead(parts[0], out float over) && TryRead(parts[1], out float under) && under != 0)
            return over / under;
        throw new DataException(
            $"preprocessing: {key} has '{value.Trim()}', which is neither a number nor a fraction such as 1/255"
        );
    }

    private static bool TryRead(string text, out float number) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}

/// <summary>The order in which a network wants colour channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue: as data sets store them; also grey images.</summary>
    Rgb,

    /// <summary>Blue, green, red: as Caffe's networks want them.</summary>
    Bgr,
}

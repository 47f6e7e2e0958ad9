using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Images in files, decoded one at a time when they are read, and brought to one size. A field images, uint8 C×H×W in
/// the order red, green, blue; and where classes are known a target labels, int64.
/// </summary>
public sealed class ImageSource : IDataSource
{
    private readonly ImageFiles files;
    private readonly ImageSizing sizing;
    private readonly Lazy<string> fingerprint;

    private ImageSource(string name, ImageFiles files, ImageSizing sizing, Shape image, ImmutableArray<string> notes)
    {
        (Name, this.files, this.sizing, Notes) = (name, files, sizing, notes);
        Inputs = [new DataField("images", ElementType.UInt8, image) { IsImage = true }];
        if (!files.Labels.IsEmpty)
            Targets = [new DataField("labels", ElementType.Int64, Shape.Scalar) { Classes = files.Count }];
        fingerprint = new(Hash);
    }

    /// <summary>Opens a folder of images, or a .csv or .jsonl list of them.</summary>
    /// <param name="path">A folder with a folder for each class, whose names in order are the classes; one with images
    /// without classes; one with folders train and test; or the path of a list.</param>
    /// <param name="part">Which part of a folder that has two.</param>
    /// <param name="options">Sizes, and what is done with a file that cannot be decoded.</param>
    /// <exception cref="DataException">There are no images, or one cannot be decoded; it is named.</exception>
    /// <exception cref="ImageSizeException">The images have sizes of their own.</exception>
    public static ImageSource Open(string path, DatasetPart part, ImageOptions options)
    {
        ImageFiles files = Directory.Exists(path) ? ImageFiles.OfFolder(path, part) : ImageFiles.OfList(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        int channels = options.Limits.Channels == 1 ? 1 : 3;
        var measured = new MeasuredImages(options, channels);
        for (int i = 0; i < files.Paths.Length; i++)
            measured.Add(i, files.Paths[i]);
        if (measured.Kept.Count < files.Paths.Length)
            files = files.Take([.. measured.Kept]);
        if (measured.Size is not { } size)
            throw new DataException($"none of the images of '{name}' can be decoded: {measured.Problem}");
        return new ImageSource(
            name,
            files,
            options.Sizing,
            new Shape(channels, size.Height, size.Width),
            [.. files.Notes, .. measured.Notes()]
        );
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => files.Paths.Length;

    /// <summary>The names of the classes; empty where there are none, or they are numbers.</summary>
    public ImmutableArray<string> ClassNames => files.Classes;

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets { get; } = [];

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    /// <exception cref="DataException">A file cannot be decoded any more, or an index is out of range.</exception>
    public Batch Read(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "image");
        Shape shape = Inputs[0].Shape;
        int size = (int)shape.Count;
        Tensor images = Tensor.Zeros(ElementType.UInt8, new Shape([indices.Length, .. shape.Dims]));
        var resampler = new ImageResampler(sizing);
        for (int i = 0; i < indices.Length; i++)
            Read(files.Paths[indices[i]], resampler, images.Span<byte>().Slice(i * size, size));
        if (Targets.IsEmpty)
            return new Batch(indices.Length, [images], []);
        var labels = new long[indices.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = files.Labels[indices[i]];
        return new Batch(indices.Length, [images], [Tensor.Vector(labels)]);
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "image");
        return Taken(indices.ToArray());
    }

    /// <inheritdoc/>
    public (IDataSource Train, IDataSource HeldOut) Split(int holdOut, ulong seed)
    {
        if (holdOut < 0 || holdOut > Count)
            throw new DataException($"cannot hold out {holdOut} of the {Count} images of data set '{Name}'");
        ImmutableArray<int> labels = Targets.IsEmpty ? [.. new int[Count]] : files.Labels;
        bool[] held = StratifiedSplit.Choose(labels.AsSpan(), Math.Max(1, files.Count), holdOut, seed);
        int[] Where(bool wanted) => [.. Enumerable.Range(0, Count).Where(i => held[i] == wanted)];
        return (Taken(Where(false)), Taken(Where(true)));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Count} images {Inputs[0].Shape}" + (Targets.IsEmpty ? "" : $", {files.Count} classes");

    private ImageSource Taken(int[] indices) => new(Name, files.Take(indices), sizing, Inputs[0].Shape, Notes);

    private void Read(string path, ImageResampler resampler, Span<byte> to)
    {
        byte[] pixels = ImageDecoder.Decode(path, Inputs[0].Shape[0], out ImageSize size);
        ImageSize made = sizing.Of(size);
        if (made.Height != Inputs[0].Shape[1] || made.Width != Inputs[0].Shape[2])
            throw new DataException($"{path} has changed since the data set was opened: it is an image of {size}");
        if (sizing.IsNone)
            pixels.CopyTo(to);
        else
            resampler.Apply(pixels, size, to);
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Inputs[0]} {sizing}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(files.Labels.AsSpan()));
        foreach (string path in files.Paths)
        {
            using FileStream file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Which images can be decoded, and the size that all have once resized.</summary>
internal sealed class MeasuredImages(ImageOptions options, int channels)
{
    private string first = "";
    private ImageSize firstSize;
    private int coloured,
        skipped;

    /// <summary>The places of the images that remain.</summary>
    public List<int> Kept { get; } = [];

    /// <summary>The size of all; null if there is none.</summary>
    public ImageSize? Size { get; private set; }

    /// <summary>Why the last image that cannot be decoded cannot.</summary>
    public string Problem { get; private set; } = "there are none";

    /// <exception cref="DataException">The image cannot be decoded, and is not to be skipped.</exception>
    /// <exception cref="ImageSizeException">It has another size than those before it.</exception>
    public void Add(int index, string path)
    {
        if (Measure(path) is not { } image)
            return;
        ImageSize made = Sized(path, image.Size);
        if (Size is { } size && size != made)
            throw new ImageSizeException(
                $"images have sizes of their own: {first} is {firstSize} (height x width) and {path} is {image.Size}"
                    + (options.Sizing.IsNone ? "" : $", {options.Sizing} {size} and {made}")
                    + "; they must be resized or cropped to one size",
                options.Limits.Size
            );
        if (Size is null)
            (first, firstSize, Size) = (path, image.Size, made);
        coloured += image.HasColour ? 1 : 0;
        Kept.Add(index);
    }

    /// <summary>What was skipped and changed.</summary>
    public IEnumerable<string> Notes()
    {
        if (skipped > 0)
            yield return $"{skipped} of {skipped + Kept.Count} images are skipped; the last: {Problem}";
        if (channels == 1 && coloured > 0)
            yield return $"{coloured} of {Kept.Count} images have colours and are converted to grey";
    }

    private (ImageSize Size, bool HasColour)? Measure(string path)
    {
        try
        {
            var image = ImageDecoder.Measure(path);
            if (options.SkipsUnreadable)
                ImageDecoder.Decode(path, channels, out _);
            return image;
        }
        catch (DataException e) when (options.SkipsUnreadable)
        {
            skipped++;
            Problem = e.Message;
            return null;
        }
    }

    private ImageSize Sized(string path, ImageSize image)
    {
        try
        {
            return options.Sizing.Of(image);
        }
        catch (DataException e)
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }
}
